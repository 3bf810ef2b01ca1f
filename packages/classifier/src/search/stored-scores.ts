import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import type { TrainingFolder } from '../train/training-folder.ts'
import type { TrialScore } from './trial.ts'

/** Scores that are kept in a folder, so that a search that was interrupted need not compute them again. */
export interface StoredScores {
  load(name: string): Promise<TrialScore | undefined>
  /** Keeps a score, and removes the checkpoints of its training. */
  save(name: string, score: TrialScore): Promise<void>
}

/** Scores in a folder; without one they are kept in memory. */
export const storedScores = (folder: TrainingFolder | undefined): StoredScores => {
  if (folder === undefined) {
    const scores = new Map<string, TrialScore>()
    return {
      load: async (name) => scores.get(name),
      save: async (name, score) => void scores.set(name, score),
    }
  }
  const file = (name: string): string => join(folder.path, `${name}.json`)
  return {
    load: async (name) => {
      const text = await readFile(file(name), 'utf8').catch(() => undefined)
      return text === undefined ? undefined : JSON.parse(text)
    },
    save: async (name, score) => {
      await writeFileAtomic(file(name), `${JSON.stringify(score)}\n`)
      await rm(join(folder.path, name), { recursive: true, force: true })
    },
  }
}
