import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isKicError, KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import { encodeSafetensors } from '@kic/safetensors'
import { loadSafetensors } from '@kic/safetensors/node'
import type { TrainerErrorCode } from '../error-code.ts'
import type { Checkpoint, CheckpointStore } from './checkpoint.ts'
import { isRunState } from './run-state.ts'
import { isLeftover, readSealedFolder, removeFolder, writeSealedFolder } from './sealed-folder.ts'

export interface FolderCheckpointsOptions {
  /** Number of checkpoints to keep; default 2. The best parameters are stored separately. */
  readonly keepLast?: number | undefined
  /** Receives warnings about damaged checkpoints and files that could not be removed; default `console.warn`. */
  readonly warn?: ((message: string) => void) | undefined
}

/** Increased when the format of checkpoints changes incompatibly. */
const VERSION = 1
const MODEL = 'model.safetensors'
const OPTIMIZER = 'optimizer.safetensors'
const AVERAGES = 'averages.safetensors'

/**
 * Checkpoints in a folder: `checkpoint-<step>/` and `best-<step>/`, each with `model.safetensors` under Hugging Face's
 * name, so that it is readable as a model, and `state.json` with the checksums.
 *
 * Only one run at a time may use a folder.
 *
 * @throws KicError `trainer/options` for a `keepLast` below 1
 */
export const folderCheckpoints = (
  folder: string,
  { keepLast = 2, warn = console.warn }: FolderCheckpointsOptions = {},
): CheckpointStore => {
  if (!(Number.isInteger(keepLast) && keepLast > 0)) {
    throw new KicError<TrainerErrorCode>(
      'trainer/options',
      `folderCheckpoints: keepLast must be a positive integer, received ${keepLast}. Correct it.`,
    )
  }
  const damaged = new Set<number>()
  const path = (kind: Kind, step: number): string => join(folder, `${kind}-${String(step).padStart(8, '0')}`)
  const steps = (kind: Kind): Promise<readonly number[]> => listSteps(folder, kind)

  /** Removes checkpoints that the newest one makes superfluous. A failure only costs disk space. */
  const prune = async (newest: number): Promise<void> => {
    try {
      for (const step of damaged) if (step !== newest) await removeFolder(path('checkpoint', step))
      damaged.clear()
      const kept = (await steps('checkpoint')).filter((step) => step <= newest)
      for (const step of kept.slice(0, -keepLast)) await removeFolder(path('checkpoint', step))
      // The best of an older checkpoint is never newer than the best of a later one.
      const oldest = kept.slice(-keepLast)[0] ?? newest
      const { best } = (await readState(path('checkpoint', oldest))).state
      for (const step of await steps('best')) {
        if (best !== null && step < best.step) await removeFolder(path('best', step))
      }
    } catch (error) {
      warn(`folderCheckpoints: could not clear old checkpoints in ${folder}: ${messageOf(error)}`)
    }
  }

  return {
    location: folder,
    prepare: () => prepare(folder),
    steps: () => steps('checkpoint'),
    latest: async () => {
      const reasons: string[] = []
      for (const step of [...(await steps('checkpoint'))].reverse()) {
        const at = path('checkpoint', step)
        try {
          return { checkpoint: await loadCheckpoint(at), path: at }
        } catch (error) {
          if (!isKicError(error)) throw error
          damaged.add(step)
          reasons.push(error.message.replace(/\.$/, ''))
          warn(`folderCheckpoints: skipping a damaged checkpoint: ${error.message}`)
        }
      }
      if (reasons.length === 0) return undefined
      throw new KicError<TrainerErrorCode>(
        'trainer/no-whole-checkpoint',
        `folderCheckpoints: at least one checkpoint in ${folder} must be intact, received damaged ones: ${reasons.join('; ')}. Restore one from a backup, or ` +
          'remove them to start again.',
      )
    },
    save: async (checkpoint) => {
      const at = path('checkpoint', checkpoint.state.step)
      await saveCheckpoint(at, checkpoint)
      await prune(checkpoint.state.step)
      return at
    },
    saveBest: (step, params) =>
      writeSealedFolder(
        path('best', step),
        { [MODEL]: encodeSafetensors(params, { format: 'pt' }) },
        { version: VERSION },
      ),
    loadBest: async (step) => {
      const at = path('best', step)
      await readSealedFolder(at)
      return (await loadSafetensors(join(at, MODEL))).tensors
    },
  }
}

type Kind = 'checkpoint' | 'best'

const listSteps = async (folder: string, kind: Kind): Promise<readonly number[]> => {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new KicError<TrainerErrorCode>(
      'trainer/checkpoint-folder',
      `folderCheckpoints: the folder must be readable, received ${folder}: ${messageOf(error)}. Check its permissions.`,
    )
  })
  return names
    .flatMap((name) => (name.startsWith(`${kind}-`) ? [name.slice(kind.length + 1)] : []))
    .filter((digits) => /^\d{8,}$/.test(digits))
    .map(Number)
    .sort((a, b) => a - b)
}

const prepare = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true })
    for (const name of await readdir(folder)) {
      if (isLeftover(name)) await rm(join(folder, name), { recursive: true, force: true })
    }
    const probe = join(folder, `.kic-probe-${process.pid}.tmp`)
    await writeFile(probe, 'x', { flush: true })
    await rm(probe)
  } catch (cause) {
    throw new KicError<TrainerErrorCode>(
      'trainer/checkpoint-folder',
      `folderCheckpoints: the folder must be writable, received ${folder}: ${messageOf(cause)}. Choose another folder or free disk space.`,
      { cause },
    )
  }
}

const saveCheckpoint = (path: string, { state, params, optimizer, averages }: Checkpoint): Promise<void> => {
  const files: Record<string, readonly Uint8Array[]> = {
    [MODEL]: encodeSafetensors(params, { format: 'pt' }),
    [OPTIMIZER]: encodeSafetensors(optimizer.moments),
  }
  if (averages !== undefined) files[AVERAGES] = encodeSafetensors(averages)
  return writeSealedFolder(path, files, { version: VERSION, state, optimizerStep: optimizer.step })
}

const readState = async (path: string) => {
  const { content, files } = await readSealedFolder(path)
  if (
    typeof content === 'object' &&
    content !== null &&
    'version' in content &&
    content.version !== VERSION
  ) {
    throw new KicError<TrainerErrorCode>(
      'trainer/checkpoint-version',
      `folderCheckpoints: a checkpoint must have version ${VERSION}, received ${path} with version ${String(content.version)}. Use the release that wrote it.`,
    )
  }
  if (
    typeof content !== 'object' ||
    content === null ||
    !('state' in content && isRunState(content.state)) ||
    !('optimizerStep' in content && typeof content.optimizerStep === 'number')
  ) {
    throw new KicError<TrainerErrorCode>(
      'trainer/damaged-checkpoint',
      `folderCheckpoints: state.json must have the state of a run, received other content in ${path}. Restore the checkpoint.`,
    )
  }
  return { state: content.state, optimizerStep: content.optimizerStep, files }
}

const loadCheckpoint = async (path: string): Promise<Checkpoint> => {
  const { state, optimizerStep, files } = await readState(path)
  const tensors = async (name: string): Promise<HostTensors> =>
    (await loadSafetensors(join(path, name))).tensors
  return {
    state,
    params: await tensors(MODEL),
    optimizer: { step: optimizerStep, moments: await tensors(OPTIMIZER) },
    averages: files.includes(AVERAGES) ? await tensors(AVERAGES) : undefined,
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
