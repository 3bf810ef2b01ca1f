import type { TrainInMemoryOptions } from '@kic/classifier/in-memory'

/** Passes over the rows, unless the visitor chooses others. */
export const PASSES = 10

/** Rows of the table of n-grams, a prime, by the number of training rows that it suits. */
const BUCKETS = [
  { rows: 2000, buckets: 8191 },
  { rows: 20_000, buckets: 32_749 },
  { rows: Number.POSITIVE_INFINITY, buckets: 131_071 },
] as const

/**
 * A small classifier that reads characters and their n-grams, so that it needs no vocabulary of words and learns from few
 * rows. Its file of float32 weights gives the same answers everywhere; it is small without int8.
 *
 * @param rows to learn from
 */
export const trainingConfig = (
  rows: number,
  epochs: number,
): Omit<TrainInMemoryOptions, 'engine' | 'runtime'> => ({
  encoder: {
    reading: 'characters',
    hidden: 64,
    layers: 1,
    ngramBuckets: BUCKETS.find((size) => rows <= size.rows)?.buckets,
  },
  epochs,
  // Few rows need small batches, to be enough of them.
  batchSize: rows <= 2000 ? 16 : 32,
  // Few lengths: each is compiled for itself, and a GPU's shaders take long to compile.
  bucket: 16,
  export: ['float32'],
})
