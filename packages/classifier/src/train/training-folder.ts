import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { isKicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { CheckpointOptions, TrainingConfig } from '@kic/trainer'
import { type DataFingerprint, folderCheckpoints } from '@kic/trainer/node'
import { classifierError } from '../classifier-error.ts'

/** Identifies a training by its config, its rows, the model that it starts from, and its teacher. */
export interface Fingerprint {
  /** As JSON. */
  readonly config: Readonly<Record<string, unknown>>
  readonly data: DataFingerprint
  /** SHA-256 of the model to start from; absent from scratch. */
  readonly initial?: string | undefined
  /** Identifies the teacher; absent without one. */
  readonly teacher?: string | undefined
}

/** A folder for the checkpoints of a running training. */
export interface TrainingFolder {
  readonly path: string
  /** Checkpoints in a subfolder. */
  checkpoints(name: string, how: TrainingConfig['checkpoints']): CheckpointOptions
  remove(): Promise<void>
}

const FILE = 'training.json'

/**
 * Opens a folder for checkpoints: a new one, or one of the same training, which then resumes. A training that failed before
 * its first checkpoint leaves nothing to resume, so another one replaces it.
 *
 * @param restart discards existing content
 * @throws KicError `classifier/output` if it is not writable, or has files but none of a training;
 *   `classifier/other-training` if it belongs to another training
 */
export const openTrainingFolder = async (
  caller: string,
  at: string,
  fingerprint: Fingerprint,
  restart = false,
): Promise<TrainingFolder> => {
  const path = resolve(at)
  const file = join(path, FILE)
  try {
    await mkdir(path, { recursive: true })
    const files = await filesIn(path)
    if (files.length > 0 && !files.includes(FILE))
      throw new Error(`one with other files, such as ${files[0]}`)
    if (restart) await rm(path, { recursive: true, force: true })
    if (restart || files.length < 2) await writeFileAtomic(file, `${JSON.stringify(fingerprint)}\n`)
    else {
      const before = JSON.parse(await readFile(file, 'utf8'))
      checkSame(caller, path, before, JSON.parse(JSON.stringify(fingerprint)))
    }
  } catch (cause) {
    if (isKicError(cause) && cause.code === 'classifier/other-training') throw cause
    throw classifierError(
      'classifier/output',
      `${caller}: ${path} must be a writable folder, received ${cause instanceof Error ? cause.message : String(cause)}. ` +
        'Choose another output.',
      { cause },
    )
  }
  return {
    path,
    checkpoints: (name, { every, keepLast }) => ({
      store: folderCheckpoints(join(path, name), { keepLast }),
      every,
      resume: true,
    }),
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

/** Files in a folder and its subfolders, without hidden ones such as those that a killed process was writing. */
const filesIn = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
}

const checkSame = (caller: string, path: string, before: Fingerprint, now: Fingerprint): void => {
  const keys = [...new Set([...Object.keys(before.config), ...Object.keys(now.config)])]
  const [changed] = keys.filter(
    (key) => JSON.stringify(before.config[key]) !== JSON.stringify(now.config[key]),
  )
  const what = changed === undefined ? otherInput(before, now) : otherValue(changed, before, now)
  if (what === undefined) return
  throw classifierError(
    'classifier/other-training',
    `${caller}: ${path} must belong to this training, received another one with ${what}. Finish it with its own options, ` +
      'discard it with restart (kic: --restart), or choose another output.',
  )
}

const otherValue = (key: string, { config: before }: Fingerprint, { config: now }: Fingerprint): string =>
  `another ${key} (${shown(before[key])}, now ${shown(now[key])})`

const otherInput = (before: Fingerprint, now: Fingerprint): string | undefined => {
  if (before.data.sha256 !== now.data.sha256) return `other rows (${before.data.rows}, now ${now.data.rows})`
  if (before.initial !== now.initial)
    return `other files in the model to start from (${shown(now.config.from)})`
  return before.teacher === now.teacher
    ? undefined
    : `other files in the teacher (${shown(now.config.teacher)})`
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'none').slice(0, 80)
