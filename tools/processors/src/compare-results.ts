import { defined } from '@kic/core'
import { argMaxRows } from '@kic/scores'
import type { Job, JobResult } from './job.ts'

/** Something that was computed natively and on another processor. */
export interface Comparison {
  readonly processor: string
  readonly what: string
  /** Largest difference of two numbers. */
  readonly largest: number
  readonly allowed: number
  /** Texts whose most probable class is another one; absent where scores are missing or not finite. */
  readonly otherClasses?: number | undefined
  readonly pass: boolean
}

/** Logits may differ by this much between processors. */
const SCORES = { float32: 1e-4, int8: 0.02 } as const
/** Losses of some steps of training, by share of the loss. */
const LOSSES = 1e-4

/** How a processor's results differ from the native ones; every number must be there and finite. */
export const compareResults = (
  job: Job,
  native: JobResult,
  { processor, result }: { readonly processor: string; readonly result: JobResult },
): Comparison[] => {
  const compare = (what: string, differences: readonly number[], allowed: number, otherClasses?: number) => {
    const largest = differences.reduce((a, b) => Math.max(a, b), 0)
    const pass = differences.length > 0 && largest <= allowed
    return { processor, what, largest, allowed, otherClasses, pass }
  }
  return [
    ...job.models.map(({ name, precision }, m) => {
      const [wanted = [], received = []] = [native.scores[m], result.scores[m]]
      const classes = wanted.length / job.texts.length
      const differences = differencesOf(received, wanted)
      const others = differences.every(Number.isFinite) ? otherClasses(received, wanted, classes) : undefined
      return compare(`${name}, ${precision}`, differences, SCORES[precision], others)
    }),
    compare(
      `losses of ${native.losses.length} training steps`,
      differencesOf(result.losses, native.losses).map((d, i) => d / (native.losses[i] ?? Number.NaN)),
      LOSSES,
    ),
  ]
}

/** Not a number where one of two is missing or not finite. */
const differencesOf = (received: readonly number[], wanted: readonly number[]): number[] =>
  Array.from({ length: Math.max(received.length, wanted.length) }, (_, i) =>
    Math.abs((received[i] ?? Number.NaN) - (wanted[i] ?? Number.NaN)),
  )

/** Rows whose most probable class differs. */
const otherClasses = (received: readonly number[], wanted: readonly number[], classes: number): number => {
  const expected = argMaxRows(wanted, classes)
  return argMaxRows(received, classes).filter((top, row) => top !== expected[row]).length
}

/** As a table for people. */
export const formatComparisons = (comparisons: readonly Comparison[]): string => {
  const head = ['processor', 'what', 'largest difference', 'allowed', 'other classes', '']
  const rows = comparisons.map(({ processor, what, largest, allowed, otherClasses, pass }) => [
    processor,
    what,
    largest.toExponential(1),
    `${allowed}`,
    `${otherClasses ?? ''}`,
    pass ? 'ok' : 'FAILED',
  ])
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(defined(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
