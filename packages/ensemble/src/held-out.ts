import { type Classification, finestLevel } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import type { Probabilities } from '@kic/scores'
import type { EnsembleErrorCode } from './error-code.ts'

/** A possible member, with its probabilities for the validation rows. */
export interface Candidate {
  readonly name: string
  readonly level: string
  /** Of the rows, [N, C]. */
  readonly probabilities: Probabilities
  /** Of changed copies of the rows, [M, C]: weights are chosen on these, too. */
  readonly copies?: Probabilities | undefined
}

/** Class numbers of the validation rows, by level; -1 where unknown. */
export type Truth = Readonly<Record<string, Int32Array>>

export interface HeldOutOptions {
  /** Rows of one group, such as equal texts, are on one side of each inner split, [N]; default: each row on its own. */
  readonly groups?: ArrayLike<number> | undefined
  /** Of the inner splits. */
  readonly seed?: number | undefined
  /**
   * The row of each copy, [M]; default: no copies. Weights are chosen on rows and copies, so that they hold on texts that are
   * written otherwise. Temperatures are fitted to the rows alone.
   */
  readonly copyOf?: ArrayLike<number> | undefined
}

/** Rows that no candidate was trained on, and what candidates say of them. */
export interface HeldOut {
  readonly candidates: readonly Candidate[]
  readonly truth: Truth
  /** The group of each row, [N]. */
  readonly groups: Int32Array
  /** The row of each copy, [M]. */
  readonly copyOf: Int32Array
}

/**
 * Held-out rows with their options checked.
 *
 * @throws KicError `ensemble/shape` where groups or copies do not fit the rows
 */
export const heldOut = (
  caller: string,
  classification: Classification,
  candidates: readonly Candidate[],
  truth: Truth,
  { groups, copyOf = [] }: HeldOutOptions,
): HeldOut => {
  const rows = truth[finestLevel(classification)]?.length ?? candidates[0]?.probabilities.rows ?? 0
  const refused = (what: string) =>
    new KicError<EnsembleErrorCode>('ensemble/shape', `${caller}: ${what}. Give one for each, or none.`)
  if (groups !== undefined && groups.length !== rows)
    throw refused(`every row must have a group, received ${groups.length} for ${rows} rows`)
  const strange = Array.from(copyOf).find((row) => !Number.isInteger(row) || row < 0 || row >= rows)
  if (strange !== undefined) throw refused(`a copy must be of one of the ${rows} rows, received ${strange}`)
  for (const { name, copies } of candidates) {
    if ((copies?.rows ?? 0) === copyOf.length) continue
    throw refused(
      `'${name}' must have probabilities of ${copyOf.length} copies, received ${copies?.rows ?? 'none'}`,
    )
  }
  return {
    candidates,
    truth,
    groups: Int32Array.from(groups ?? { length: rows }, (group: number | undefined, row) => group ?? row),
    copyOf: Int32Array.from(copyOf),
  }
}

/** Some of the rows, with their copies. */
export const someHeldOut = (
  { candidates, truth, groups, copyOf }: HeldOut,
  rows: readonly number[],
): HeldOut => {
  const placeOf = new Map(rows.map((row, place) => [row, place]))
  const copies = Array.from(copyOf.keys()).filter((copy) => placeOf.has(defined(copyOf[copy])))
  return {
    candidates: candidates.map((candidate) => ({
      ...candidate,
      probabilities: someRows(candidate.probabilities, rows),
      copies: candidate.copies && someRows(candidate.copies, copies),
    })),
    truth: truthAt(truth, rows),
    groups: Int32Array.from(rows, (row) => defined(groups[row])),
    copyOf: Int32Array.from(copies, (copy) => defined(placeOf.get(defined(copyOf[copy])))),
  }
}

/** The rows, then their copies as rows like any other; a copy is in the group of its row. */
export const withCopies = ({ candidates, truth, groups, copyOf }: HeldOut): HeldOut => {
  const sources = [...groups.keys(), ...copyOf]
  return {
    candidates: candidates.map(({ copies, ...candidate }) => ({
      ...candidate,
      probabilities: copies === undefined ? candidate.probabilities : joined(candidate.probabilities, copies),
    })),
    truth: truthAt(truth, sources),
    groups: Int32Array.from(sources, (row) => defined(groups[row])),
    copyOf: new Int32Array(0),
  }
}

const truthAt = (truth: Truth, rows: readonly number[]): Truth =>
  Object.fromEntries(
    Object.entries(truth).map(([level, labels]) => [
      level,
      Int32Array.from(rows, (row) => labels[row] ?? -1),
    ]),
  )

const someRows = ({ classes, data }: Probabilities, rows: readonly number[]): Probabilities => {
  const some = new Float32Array(rows.length * classes)
  rows.forEach((row, i) => {
    some.set(data.subarray(row * classes, (row + 1) * classes), i * classes)
  })
  return { rows: rows.length, classes, data: some }
}

const joined = (first: Probabilities, second: Probabilities): Probabilities => {
  const data = new Float32Array(first.data.length + second.data.length)
  data.set(first.data)
  data.set(second.data, first.data.length)
  return { rows: first.rows + second.rows, classes: first.classes, data }
}
