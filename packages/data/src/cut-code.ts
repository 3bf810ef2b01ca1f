import type { HierarchyLevel } from './hierarchy.ts'
import { codeIndex, type Hierarchy, levelNames, levelOf, restoreCode } from './hierarchy.ts'

/** What a finer or otherwise written code means on the levels there are. */
export interface CutCode {
  readonly level: string
  readonly code: string
  /** The letter that stood before the digits: 'G' of 'G334'. */
  readonly letter: string | undefined
}

const codeForm = /^([A-Z])?(\d+)(?:\.(\d+))?$/

const widthOf = ({ nodes }: HierarchyLevel): number | undefined => {
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

/**
 * Cuts a code to a level: to its first digits, as many as the level's codes have. Without a level, to the finest one that
 * there is; codes that are no longer than that are looked up as they are. Undefined where no code begins so.
 */
export const cutCode = (
  hierarchy: Hierarchy,
  level: string | undefined,
  cell: string,
): CutCode | undefined => {
  const { digits, letter } = digitsOf(cell) ?? {}
  if (digits === undefined) return undefined
  const target = level ?? levelNames(hierarchy).at(-1) ?? ''
  const nodes = hierarchy.levels.find(({ name }) => name === target)
  const width = nodes === undefined ? undefined : widthOf(nodes)
  if (width !== undefined && digits.length > width) {
    const code = digits.slice(0, width)
    return codeIndex(hierarchy, target, code) < 0 ? undefined : { level: target, code, letter }
  }
  if (level === undefined) {
    const own = levelOf(hierarchy, digits)
    return own === undefined ? undefined : { level: own, code: digits, letter }
  }
  const code = restoreCode(hierarchy, level, digits)
  return code === undefined ? undefined : { level, code, letter }
}
