import { defined, hash32, KicError } from '@kic/core'
import { topK } from '@kic/scores'
import type { EnsembleErrorCode } from '../error-code.ts'
import { checkedStackMembers } from './checked-stack-members.ts'
import { LEAST_PROBABILITY, type StackMember } from './stack.ts'

/**
 * Classes of a row that the fit looks at, where there are more: the true one, those with the largest product of the members'
 * probabilities, and a sample of the others by rank, each of which stands for as many. Without the sample the fit takes no
 * account of what all of these have together, and its probabilities are too even.
 */
const [LEADING, SAMPLED] = [16, 16]
/** Factors of at least 2⁻²⁴ that a double can take. */
const FACTORS = 40

/** What members say of the rows whose class is known. */
export interface StackRows {
  /** N, the rows with a label. */
  readonly rows: number
  /** K */
  readonly members: number
  /** C */
  readonly classes: number
  /** M, how many classes of each row are looked at. */
  readonly slots: number
  /** How many of them come before the sampled ones. */
  readonly leading: number
  /** The logarithm of how many classes each sampled one stands for. */
  readonly sampledLog: number
  /** Which they are, the true one first, [N, M]. */
  readonly classOf: Int32Array
  /** Logarithms of the members' probabilities, [N, M, K]. */
  readonly logs: Float32Array
  /** Numbers of the rows, [N]. */
  readonly source: Int32Array
}

/**
 * @param labels class number of each row, or -1
 * @throws KicError `ensemble/no-members`, `ensemble/shape`, `ensemble/labels`
 */
export const stackRows = (
  caller: string,
  members: readonly StackMember[],
  labels: ArrayLike<number>,
): StackRows => {
  const { rows, classes } = checkedStackMembers(caller, members)
  const source = checkedLabels(caller, labels, rows, classes)
  const slots = Math.min(classes, LEADING + SAMPLED)
  const leading = slots === classes ? slots : LEADING
  const classOf = new Int32Array(source.length * slots)
  const logs = new Float32Array(source.length * slots * members.length)
  const agreement = new Float64Array(classes)
  source.forEach((row, at) => {
    const label = labels[row] ?? 0
    const own = classOf.subarray(at * slots, (at + 1) * slots)
    own[0] = label
    if (slots === classes) {
      for (let c = 0, slot = 1; c < classes; c++) if (c !== label) own[slot++] = c
    } else {
      agree(members, row, agreement)
      agreement[label] = Number.NEGATIVE_INFINITY
      own.set(sampledByRank(topK(agreement, classes - 1), row), 1)
    }
    for (const [k, { data, classes: columns, ofClass }] of members.entries()) {
      for (let slot = 0; slot < slots; slot++) {
        const c = own[slot] ?? 0
        const probability = data[row * columns + (ofClass?.[c] ?? c)] ?? 0
        if (Number.isNaN(probability)) throw notANumber(caller, k, row)
        logs[(at * slots + slot) * members.length + k] = Math.log(Math.max(probability, LEAST_PROBABILITY))
      }
    }
  })
  const sampledLog = Math.log((classes - leading) / Math.max(1, slots - leading))
  return {
    rows: source.length,
    members: members.length,
    classes,
    slots,
    leading,
    sampledLog,
    classOf,
    logs,
    source,
  }
}

/** The leading ones of a ranking, and one of each equal part of the others, at another place in each row. */
const sampledByRank = (ranking: ArrayLike<number>, row: number): number[] => {
  const first = LEADING - 1
  const part = (ranking.length - first) / SAMPLED
  const place = hash32(row) / 2 ** 32
  return Array.from({ length: first + SAMPLED }, (_, i) =>
    defined(ranking[i < first ? i : first + Math.floor((i - first + place) * part)]),
  )
}

/** The sum of the members' logarithms for each class, by products, as logarithms take long. */
const agree = (members: readonly StackMember[], row: number, into: Float64Array): void => {
  into.fill(0)
  const product = new Float64Array(into.length).fill(1)
  for (const [k, { data, classes, ofClass }] of members.entries()) {
    const start = row * classes
    for (let c = 0; c < product.length; c++) {
      const probability = data[start + (ofClass?.[c] ?? c)] ?? 0
      product[c] = (product[c] ?? 0) * Math.max(probability, LEAST_PROBABILITY)
    }
    if ((k + 1) % FACTORS === 0 || k === members.length - 1) {
      for (let c = 0; c < into.length; c++) into[c] = (into[c] ?? 0) + Math.log(product[c] ?? 0)
      product.fill(1)
    }
  }
  // A probability that is no number is reported where it is read.
  for (let c = 0; c < into.length; c++) if (Number.isNaN(into[c])) into[c] = Number.POSITIVE_INFINITY
}

const checkedLabels = (
  caller: string,
  labels: ArrayLike<number>,
  rows: number,
  classes: number,
): Int32Array => {
  const refused = (what: string) =>
    new KicError<EnsembleErrorCode>(
      'ensemble/labels',
      `${caller}: ${what}. Give the class number of each row, or -1 where it is unknown.`,
    )
  if (labels.length !== rows) throw refused(`every row needs a label, received ${labels.length} for ${rows}`)
  const source: number[] = []
  for (let row = 0; row < rows; row++) {
    const label = labels[row] ?? 0
    if (!Number.isInteger(label) || label >= classes)
      throw refused(`labels must be below the ${classes} classes, received ${label} in row ${row}`)
    if (label >= 0) source.push(row)
  }
  if (source.length === 0) throw refused(`some row must have a label, received none in ${rows} rows`)
  return Int32Array.from(source)
}

const notANumber = (caller: string, member: number, row: number) =>
  new KicError<EnsembleErrorCode>(
    'ensemble/shape',
    `${caller}: probabilities must be numbers, received NaN from member ${member} in row ${row}. Predict the row again.`,
  )

/** Some of the rows, in that order. */
export const someRows = (all: StackRows, wanted: readonly number[]): StackRows => {
  const { slots, members } = all
  const source = Int32Array.from(wanted, (row) => all.source[row] ?? 0)
  const classOf = new Int32Array(wanted.length * slots)
  const logs = new Float32Array(wanted.length * slots * members)
  wanted.forEach((row, at) => {
    classOf.set(all.classOf.subarray(row * slots, (row + 1) * slots), at * slots)
    logs.set(all.logs.subarray(row * slots * members, (row + 1) * slots * members), at * slots * members)
  })
  return { ...all, rows: wanted.length, source, classOf, logs }
}
