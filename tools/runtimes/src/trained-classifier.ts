import { codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import {
  classNumbers,
  fitClassifier,
  parseEncoderSizes,
  startingPoint,
  type TrainedClassifier as Trained,
  tokenizeRows,
} from '@kic/classifier'
import { defined } from '@kic/core'
import { joinFields } from '@kic/data'
import { prepareText } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import { generateRows } from '@kic/korean-answers'
import type { Tokenizer } from '@kic/tokenizer'
import { progress } from '@kic/trainer/node'

const LEVEL = 'group'
/** What its tokens are. */
export type Reading = 'words' | 'characters'

const SIZES = {
  words: { hidden: 128, layers: 2, heads: 2, vocabulary: 8000, maxLength: 32 },
  characters: parseEncoderSizes({ reading: 'characters', ngramBuckets: 16_381 }),
} as const
/** Answers to compare by, at most. */
const HELD_OUT = 4000

export interface TrainedClassifier extends Trained {
  readonly maxLength: number
  /** Answers that it did not learn from, and their true labels. */
  readonly held: Answers
}

/** A small classifier of the 225 groups, learned from answers of the project's own generator. */
export const trainedClassifier = async (
  engine: Engine,
  rows: number,
  reading: Reading,
): Promise<TrainedClassifier> => {
  const sizes = SIZES[reading]
  const { texts, labels } = answers(rows, 'training')
  const classes = codesOf(ksic10Occurring, LEVEL)
  const { tokenizer, model, initial } = await startingPoint({
    texts,
    sizes,
    classes,
    seed: 1,
  })
  const held = heldOut(answers(rows, 'held out'), new Set(texts), tokenizer, sizes.maxLength)
  const { params } = await fitClassifier({
    engine,
    model,
    initial,
    rows: {
      ...tokenizeRows({ tokenizer, config: model.config }, texts),
      labels: classNumbers(classes, labels),
    },
    padTokenId: tokenizer.specialTokens.pad.id,
    learningRate: 2e-3,
    schedule: { kind: 'linear', warmupRatio: 0.1 },
    epochs: 3,
    batchSize: 64,
    callbacks: [progress({ label: 'training' })],
    seed: 1,
  })
  return { model, params: await params.read(), tokenizer, maxLength: sizes.maxLength, held }
}

interface Answers {
  readonly texts: readonly string[]
  readonly labels: readonly string[]
}

/**
 * Those that were not learned from and need no truncation: transformers.js 2 cuts the closing special token off a text
 * that is too long.
 */
const heldOut = (
  { texts, labels }: Answers,
  known: ReadonlySet<string>,
  tokenizer: Tokenizer,
  maxLength: number,
): Answers => {
  const kept = texts.flatMap((text, i) =>
    known.has(text) || tokenizer.encode(text).length > maxLength ? [] : [i],
  )
  const chosen = kept.slice(0, HELD_OUT)
  return { texts: chosen.map((i) => defined(texts[i])), labels: chosen.map((i) => defined(labels[i])) }
}

const answers = (rows: number, seed: string): Answers => {
  const drawn = [...generateRows({ rows, seed, balance: 0.35, repeats: 0, singleField: 0.2 })]
  return { texts: drawn.map((row) => prepareText(joinFields(row))), labels: drawn.map(({ group }) => group) }
}
