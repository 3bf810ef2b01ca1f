import { mkdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isKicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { CheckpointOptions, TrainingConfig } from '@kic/trainer'
import { type DataFingerprint, folderCheckpoints } from '@kic/trainer/node'
import { classifierError } from '../classifier-error.ts'

/** Identifies a training by its config and its rows. */
export interface Fingerprint {
  /** As JSON. */
  readonly config: Readonly<Record<string, unknown>>
  readonly data: DataFingerprint
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
 * Opens a folder for checkpoints: a new one, or one of the same training, which then resumes.
 *
 * @param restart discards existing content
 * @throws KicError `classifier/output` if it is not writable, `classifier/other-training` if it belongs to another training
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
    if (restart) await rm(path, { recursive: true, force: true })
    await mkdir(path, { recursive: true })
    const before = await readFile(file, 'utf8').catch(() => undefined)
    if (before === undefined) await writeFileAtomic(file, `${JSON.stringify(fingerprint)}\n`)
    else checkSame(caller, path, JSON.parse(before), JSON.parse(JSON.stringify(fingerprint)))
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

const checkSame = (caller: string, path: string, before: Fingerprint, now: Fingerprint): void => {
  const keys = [...new Set([...Object.keys(before.config), ...Object.keys(now.config)])]
  const [changed] = keys.filter(
    (key) => JSON.stringify(before.config[key]) !== JSON.stringify(now.config[key]),
  )
  const same = before.data.sha256 === now.data.sha256
  if (changed === undefined && same) return
  const what =
    changed === undefined
      ? `other rows (${before.data.rows}, now ${now.data.rows})`
      : `another ${changed} (${shown(before.config[changed])}, now ${shown(now.config[changed])})`
  throw classifierError(
    'classifier/other-training',
    `${caller}: ${path} must belong to this training, received another one with ${what}. Finish it with its own options, ` +
      'discard it with restart (kic: --restart), or choose another output.',
  )
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'none').slice(0, 80)
