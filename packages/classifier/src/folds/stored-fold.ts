import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import type { TrainingFolder } from '../train/training-folder.ts'
import type { FoldRun } from './run-fold.ts'

const TENSOR = 'probabilities'

/** A finished fold in a folder; `undefined` if there is none. */
export const loadFold = async ({ path }: TrainingFolder, name: string): Promise<FoldRun | undefined> => {
  const text = await readFile(join(path, `${name}.json`), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const { tensors } = await loadSafetensors(join(path, `${name}.safetensors`))
  return { ...JSON.parse(text), probabilities: Float32Array.from(tensors[TENSOR]?.data ?? []) }
}

/** Stores a fold, and removes its checkpoints. Its JSON file comes last: with it the fold is finished. */
export const saveFold = async (
  { path }: TrainingFolder,
  name: string,
  { probabilities, ...run }: FoldRun,
): Promise<void> => {
  const shape = [probabilities.length / run.classes.length, run.classes.length]
  await saveSafetensors(join(path, `${name}.safetensors`), {
    [TENSOR]: { dtype: 'float32', shape, data: probabilities },
  })
  await writeFileAtomic(join(path, `${name}.json`), `${JSON.stringify(run)}\n`)
  await rm(join(path, name), { recursive: true, force: true })
}
