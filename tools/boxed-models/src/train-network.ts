import { ksic10Occurring, ksicScript } from '@kic/classification/ksic'
import { trainClassifier } from '@kic/classifier'
import { defined } from '@kic/core'
import type { TextPreparation } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import { handWritten } from './evaluation-texts.ts'
import type { LearnedTexts } from './learned-texts.ts'

/** An encoder of characters and n-grams, and how it learns. */
export interface NetworkSettings {
  readonly seed: number
  /** Characters that have tokens. */
  readonly vocabulary: number
  /** Lengths of the n-grams of characters. */
  readonly ngramSizes: readonly number[]
  /** Rows of the table of n-grams. */
  readonly ngramBuckets: number
  /** Share of the n-grams that training leaves out. */
  readonly ngramDropout: number
  /** H. */
  readonly hidden: number
  /** L. */
  readonly layers: number
  /** N. */
  readonly heads: number
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  /** Standard deviation of fresh weights. */
  readonly initializerRange: number
  /** Longest row of tokens. */
  readonly maxLength: number
}

export interface NetworkTraining {
  readonly engine: Engine
  readonly settings: NetworkSettings
  readonly learned: LearnedTexts
  readonly preparation: TextPreparation
  /** A model whose probabilities the network learns instead of the groups, also for texts without one. */
  readonly teacher?: { readonly folder: string; readonly unlabelled: readonly string[] } | undefined
}

/** Trains a classifier of groups and writes it to a folder. Called again after an interruption, it goes on. */
export const trainNetwork = async (
  folder: string,
  { engine, settings, learned: { texts, groups }, preparation, teacher }: NetworkTraining,
): Promise<void> => {
  const { seed, epochs, batchSize, maxLength, learningRate, ...sizes } = settings
  await trainClassifier(
    texts.map((text, i) => ({ text, label: defined(groups[i]) })),
    {
      output: folder,
      classification: ksic10Occurring,
      script: ksicScript,
      preparation,
      engine,
      encoder: { reading: 'characters', maxLength, ...sizes },
      ...(teacher && {
        teacher: teacher.folder,
        teacherWeight: 1,
        temperature: 1,
        unlabelledRows: teacher.unlabelled.map((text) => ({ text })),
      }),
      seed,
      epochs,
      batchSize,
      maxLength,
      bucket: 8,
      learningRate,
      // They are only watched.
      validationRows: handWritten().rows,
      calibrate: false,
      baseline: false,
      textHashes: false,
      export: ['int8'],
    },
  )
}
