import type { Classification, ClassificationLevel } from './classification.ts'
import { codeIndex, levelOf } from './codes-of.ts'
import { labelsOf } from './labels-of.ts'
import { levelNames } from './level-names.ts'
import { restoreCode } from './restore-code.ts'

/** What a finer or otherwise written code means on the levels there are. */
export interface CutCode {
  readonly level: string
  readonly code: string
  /** The letter that stood before the digits: 'G' of 'G334'. */
  readonly letter: string | undefined
  /** Where it was finer than the level: its digits, and with the zero they may have lost, if that is another code. */
  readonly finer?: { readonly digits: string; readonly withZero: string | undefined } | undefined
}

const codeForm = /^([A-Z])?(\d+)(?:\.(\d+))?$/

const widthOf = ({ nodes }: ClassificationLevel): number | undefined => {
  const width = nodes[0]?.code.length
  return nodes.every(({ code }) => code.length === width && /^\d+$/.test(code)) ? width : undefined
}

/**
 * The digits of a code, however it is written: '33411', '334.0' (a spreadsheet's number), '10.11' (two digits before the
 * point, as ISIC and NACE print classes), with a letter before them ('G334', 'C10111') or white space anywhere.
 */
const digitsOf = (
  cell: string,
): { readonly digits: string; readonly letter: string | undefined } | undefined => {
  const [, letter, whole, fraction = ''] =
    codeForm.exec(cell.normalize('NFKC').replace(/\s+/g, '').toUpperCase()) ?? []
  if (whole === undefined) return undefined
  // Digits behind a point say that those before it are a division, which has two.
  const digits = /^0*$/.test(fraction) ? whole : `${whole.padStart(2, '0')}${fraction}`
  return { digits, letter }
}

/** A code that begins as some digits do; those that are no longer than the level's codes are looked up as they are. */
const beginning = (
  classification: Classification,
  level: string | undefined,
  digits: string,
): Omit<CutCode, 'letter'> | undefined => {
  const target = level ?? levelNames(classification).at(-1) ?? ''
  const nodes = classification.levels.find(({ name }) => name === target)
  const width = nodes === undefined ? undefined : widthOf(nodes)
  if (width !== undefined && digits.length > width) {
    const first = (all: string): string | undefined => {
      const code = all.slice(0, width)
      return codeIndex(classification, target, code) < 0 ? undefined : code
    }
    const padded = `0${digits}`
    const [code, lost] = [first(digits), first(padded)]
    // 8011 begins no code, so it is 08011; 1110 may be either.
    if (code !== undefined)
      return { level: target, code, finer: { digits, withZero: lost === undefined ? undefined : padded } }
    return lost === undefined
      ? undefined
      : { level: target, code: lost, finer: { digits: padded, withZero: undefined } }
  }
  if (level === undefined) {
    const own = levelOf(classification, digits)
    return own === undefined ? undefined : { level: own, code: digits }
  }
  const code = restoreCode(classification, level, digits)
  return code === undefined ? undefined : { level, code }
}

/**
 * Cuts a code to a level: to its first digits, as many as the level's codes have. Without a level, to the finest one that
 * there is; codes that are no longer than that are looked up as they are. A letter tells 'A1110', which is 01110 without
 * its zero, from 'C1110'. Undefined where no code begins so.
 */
export const cutCode = (
  classification: Classification,
  level: string | undefined,
  cell: string,
): CutCode | undefined => {
  const { digits, letter } = digitsOf(cell) ?? {}
  if (digits === undefined) return undefined
  const found = beginning(classification, level, digits)
  if (letter === undefined) return found === undefined ? undefined : { ...found, letter }
  const belongs = (code: Omit<CutCode, 'letter'>): boolean =>
    Object.values(labelsOf(classification, code.level, code.code))[0] === letter
  const certain = [found, beginning(classification, level, `0${digits}`)].find(
    (code) => code !== undefined && belongs(code),
  )
  if (certain === undefined) return found === undefined ? undefined : { ...found, letter }
  const { finer } = certain
  return { ...certain, finer: finer && { ...finer, withZero: undefined }, letter }
}
