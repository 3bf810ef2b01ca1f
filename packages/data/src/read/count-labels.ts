import type { CutCode } from '@kic/classification'
import { type Classification, type Labels, levelNames, restoreCode } from '@kic/classification'

/**
 * Codes that a spreadsheet program has probably changed: '11' is division 11, or group 011 without its zero. They are
 * taken as written, and reported if all other codes of the column are at a finer level.
 */
export interface LostZeros {
  /** Number of rows with such a code. */
  readonly rows: number
  /** The codes as written and with their zero, most frequent first: `['11', '011']`. */
  readonly codes: readonly (readonly [written: string, withZero: string])[]
  /** The level of the codes with their zero, and of all other codes; undefined for codes that were cut. */
  readonly level: string | undefined
}

/** Codes whose letter contradicts the section of their digits, such as G334. The digits count. */
export interface OtherLetters {
  readonly rows: number
  /** Some of the codes as written, in file order. */
  readonly codes: readonly string[]
}

/** Counts the labels of rows. */
export interface LabelCounter {
  add(labels: Labels): void
  /** Counts a code that was cut. */
  addFiner(finer: NonNullable<CutCode['finer']>): void
  /** Counts a code whose letter contradicts its digits. */
  addOtherLetter(written: string): void
  otherLetters(): OtherLetters | undefined
  /** Rows by the finest level of their labels. */
  labelledTo(): Readonly<Record<string, number>>
  lostZeros(): LostZeros | undefined
}

const shownCodes = 5

const finestOf = (labels: Labels): readonly [level: string, code: string] =>
  Object.entries(labels).at(-1) ?? ['', '']

/** A code of a coarser level that, with a leading zero, is also one of the finest level; with the zero. */
const withZero = (classification: Classification, level: string, labels: Labels): string | undefined => {
  const [own, code] = finestOf(labels)
  if (own === level || !/^\d+$/.test(code)) return undefined
  const padded = restoreCode(classification, level, code)
  return padded === code ? undefined : padded
}

/** Finer codes by their digits, if they may have lost a zero, and their number for each length. */
const createFinerCounter = () => {
  const ambiguous = new Map<string, { readonly withZero: string; rows: number }>()
  const lengths = new Map<number, number>()
  return {
    add: ({ digits, withZero: padded }: NonNullable<CutCode['finer']>): void => {
      if (padded === undefined) {
        lengths.set(digits.length, (lengths.get(digits.length) ?? 0) + 1)
        return
      }
      const known = ambiguous.get(digits)
      if (known !== undefined) known.rows += 1
      // A hostile file could have as many codes as rows.
      else if (ambiguous.size < 10_000) ambiguous.set(digits, { withZero: padded, rows: 1 })
    },
    lostZeros: (): LostZeros | undefined => {
      const longest = Math.max(...lengths.keys(), ...[...ambiguous.keys()].map(({ length }) => length))
      const shorter = [...ambiguous].filter(([digits]) => digits.length === longest - 1)
      const others = [...lengths].some(([length, rows]) => length < longest && rows > 0)
      if (shorter.length === 0 || others) return undefined
      const codes = shorter
        .sort((a, b) => b[1].rows - a[1].rows)
        .map(([digits, found]) => [digits, found.withZero] as const)
      return { rows: shorter.reduce((sum, [, { rows }]) => sum + rows, 0), codes, level: undefined }
    },
  }
}

/** @param ambiguous whether one column has codes of every level, so that a lost zero goes unnoticed */
export const createLabelCounter = (
  classification: Classification | undefined,
  ambiguous: boolean,
): LabelCounter => (classification === undefined ? plainCounter() : codeCounter(classification, ambiguous))

/** Labels without a classification have no detectable loss. */
const plainCounter = (): LabelCounter => {
  const rows = new Map<string, number>()
  return {
    add: (labels) => {
      const [level] = finestOf(labels)
      rows.set(level, (rows.get(level) ?? 0) + 1)
    },
    labelledTo: () => Object.fromEntries(rows),
    addFiner: () => undefined,
    addOtherLetter: () => undefined,
    otherLetters: () => undefined,
    lostZeros: () => undefined,
  }
}

const codeCounter = (classification: Classification, ambiguous: boolean): LabelCounter => {
  // Equal labels are one object, so there are at most as many entries as classes.
  const counts = new Map<Labels, number>()
  const finer = createFinerCounter()
  const letters = { rows: 0, codes: new Set<string>() }
  const rowsTo = (): Map<string, number> => {
    const rows = new Map<string, number>()
    for (const [labels, count] of counts) {
      const [level] = finestOf(labels)
      rows.set(level, (rows.get(level) ?? 0) + count)
    }
    return rows
  }
  return {
    add: (labels) => {
      counts.set(labels, (counts.get(labels) ?? 0) + 1)
    },
    labelledTo: () => {
      const rows = rowsTo()
      return Object.fromEntries(
        levelNames(classification).flatMap((level) => {
          const count = rows.get(level)
          return count === undefined ? [] : [[level, count]]
        }),
      )
    },
    addFiner: finer.add,
    addOtherLetter: (written) => {
      letters.rows += 1
      if (letters.codes.size < shownCodes) letters.codes.add(written)
    },
    otherLetters: () => (letters.rows === 0 ? undefined : { rows: letters.rows, codes: [...letters.codes] }),
    lostZeros: () => {
      if (!ambiguous) return finer.lostZeros()
      const to = rowsTo()
      const level = levelNames(classification).findLast((name) => to.has(name))
      if (level === undefined) return undefined
      const codes: [string, string][] = []
      let rows = 0
      for (const [labels, count] of [...counts].sort((a, b) => b[1] - a[1])) {
        const [own, code] = finestOf(labels)
        if (own === level) continue
        const padded = withZero(classification, level, labels)
        // A coarser code that has no counterpart with a zero shows that the column also has coarser codes.
        if (padded === undefined) return finer.lostZeros()
        codes.push([code, padded])
        rows += count
      }
      return rows === 0 ? finer.lostZeros() : { rows, codes, level }
    },
  }
}

/** The counts of several files together; undefined for none. */
export const combineLostZeros = (all: readonly LostZeros[]): LostZeros | undefined => {
  const [first] = all
  if (first === undefined) return undefined
  const codes = [...new Map(all.flatMap((found) => found.codes))]
  return { rows: all.reduce((sum, { rows }) => sum + rows, 0), codes, level: first.level }
}

/** In words, with the remedy: '20 rows probably lost the leading zero of their code (11 for 011): …'. */
export const describeLostZeros = ({ rows, codes, level }: LostZeros): string => {
  const pairs = codes.map(([code, padded]) => `${code} for ${padded}`)
  const more = pairs.length > shownCodes ? ', …' : ''
  const which = `${pairs.slice(0, shownCodes).join(', ')}${more}`
  const one = rows === 1
  const [others, remedy] =
    level === undefined
      ? ['every other code has more digits', 'add the zeros']
      : [
          `every other code is a ${level}`,
          `add the zeros, or rename the column to ${level}, which restores them`,
        ]
  return (
    `${rows.toLocaleString('en-US')} row${one ? '' : 's'} probably lost the leading zero of ${one ? 'its' : 'their'} code ` +
    `(${which}; ${others}): ${remedy}`
  )
}

/** The counts of several files together; undefined for none. */
export const combineOtherLetters = (all: readonly OtherLetters[]): OtherLetters | undefined =>
  all.length === 0
    ? undefined
    : {
        rows: all.reduce((sum, { rows }) => sum + rows, 0),
        codes: [...new Set(all.flatMap(({ codes }) => codes))].slice(0, shownCodes),
      }

/** In words: '2 codes have a letter that contradicts their digits (G334): the digits count'. */
export const describeOtherLetters = ({ rows, codes }: OtherLetters): string =>
  `${rows.toLocaleString('en-US')} code${rows === 1 ? ' has' : 's have'} a letter that contradicts ` +
  `${rows === 1 ? 'its' : 'their'} digits (${codes.join(', ')}): the digits count`
