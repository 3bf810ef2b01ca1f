import { parseConfig } from '@kic/trainer'
import { z } from 'zod'

const positive = z.int().positive()
const rate = z.number().min(0).lt(1)

const words = z.strictObject({
  /** `words`: pieces of words (WordPiece). */
  reading: z.literal('words').optional().default('words'),
  vocabulary: positive.default(12_000),
  hidden: positive.default(160),
  layers: positive.default(2),
  heads: positive.default(2),
  maxLength: positive.default(48),
  initializerRange: z.number().positive().default(0.06),
  /** Dropout of the head. */
  headDropout: rate.default(0.1),
})

const characters = z.strictObject({
  /** `characters`: characters and their hashed n-grams, without spacing and punctuation. */
  reading: z.literal('characters'),
  vocabulary: positive.default(12_000),
  hidden: positive.default(128),
  layers: positive.default(1),
  heads: positive.default(2),
  maxLength: positive.default(64),
  initializerRange: z.number().positive().default(0.06),
  /** Lengths of the n-grams. */
  ngramSizes: z.array(positive).min(1).readonly().default([1, 2, 3, 4]),
  /** Rows of the table of n-grams; a prime spreads n-grams best. */
  ngramBuckets: positive.default(131_071),
  /** Share of the n-grams that training leaves out. */
  ngramDropout: rate.default(0.2),
  headDropout: rate.default(0.1),
})

/** Sizes of a model that is trained from scratch. The defaults suit some thousand rows and a CPU, and depend on `reading`. */
export const encoderSizes = z.discriminatedUnion('reading', [words, characters])

/**
 * Sizes with their defaults.
 *
 * @throws KicError `trainer/config`
 */
export const parseEncoderSizes = (given: z.input<typeof encoderSizes>): z.output<typeof encoderSizes> =>
  parseConfig(
    encoderSizes,
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    'the sizes of the encoder',
  )
