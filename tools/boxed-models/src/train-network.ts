import { codesOf } from '@kic/classification'
import { ksic10Occurring, ksicScript } from '@kic/classification/ksic'
import { classNumbers, fitClassifier, saveClassifier, startingPoint, tokenizeRows } from '@kic/classifier'
import type { TextPreparation } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import type { SoftTargets } from '@kic/trainer'
import { progress } from '@kic/trainer/node'
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
  /** A teacher's probabilities of the groups for these texts, and its share of the loss. */
  readonly teacher?: { readonly targets: SoftTargets; readonly weight: number } | undefined
  /** Prefix of each progress line. */
  readonly label: string
}

/** Trains a classifier of groups and writes it to a folder, in float32. */
export const trainNetwork = async (
  folder: string,
  { engine, settings, learned: { texts, groups }, preparation, teacher, label }: NetworkTraining,
): Promise<void> => {
  const { seed, batchSize, maxLength, epochs, learningRate } = settings
  const classes = codesOf(ksic10Occurring, 'group')
  const { tokenizer, model, initial } = await startingPoint({
    texts,
    sizes: { ...settings, reading: 'characters' },
    classes,
    seed,
  })
  const { params } = await fitClassifier({
    engine,
    model,
    initial,
    rows: {
      ...tokenizeRows({ tokenizer, config: model.config }, texts, maxLength),
      labels: classNumbers(classes, groups),
      softTargets: teacher?.targets,
    },
    padTokenId: tokenizer.specialTokens.pad.id,
    ...(teacher && { teacherWeight: teacher.weight, temperature: 1 }),
    learningRate,
    epochs,
    batchSize,
    bucket: 8,
    callbacks: [progress({ label })],
    seed,
  })
  const notes = { classification: ksic10Occurring, script: ksicScript }
  await saveClassifier(
    folder,
    { model, params: await params.read(), tokenizer },
    { preparation, notes, onnx: ['int8'] },
  )
}
