import {
  type Classification,
  type CutCode,
  codesOf,
  cutCode,
  type Labels,
  labelsOf,
  levelNames,
  levelOf,
  restoreCode,
} from '@kic/classification'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { withoutInvisible } from './header-name.ts'
import type { FoundLabels, LabelProblem } from './label-problem.ts'
import type { Layout } from './layout.ts'
import { plainLabelReader } from './plain-labels.ts'
import { excerptOf } from './reject.ts'

/** The treatment of codes finer than the classification's finest level. */
export type FinerCodes = 'reject' | 'cut'

const unlabelled: FoundLabels = { labels: undefined }

type Code = Pick<CutCode, 'level' | 'code' | 'finer'> & { readonly otherLetter?: string | undefined }

/** The code of a cell, of a given level or of any level; with `cut`, also a finer code or another spelling. */
const codeIn = (
  classification: Classification,
  level: string | undefined,
  cell: string,
  finerCodes: FinerCodes,
): Code | LabelProblem => {
  const written = withoutInvisible(cell).trim()
  const ownLevel = level ?? levelOf(classification, written)
  const code = level === undefined ? written : restoreCode(classification, level, written)
  if (ownLevel !== undefined && code !== undefined) return { level: ownLevel, code }
  const cut = cutCode(classification, level, written)
  if (cut === undefined || finerCodes === 'reject')
    return { reason: 'unknown-label', message: unknownCode(classification, level, written, cut) }
  const [coarsest = ''] = Object.values(labelsOf(classification, cut.level, cut.code))
  if (cut.letter === undefined || cut.letter === coarsest) return cut
  // The digits carry all the information of the letter, and more.
  return { ...cut, otherLetter: excerptOf(written) }
}

/** Labels listed in a message. */
const NAMED = 5

/** Labels of one's own have one level, and few of them tell more than the name of all. */
const codeRule = (classification: Classification, level: string | undefined): string => {
  const [own = '', ...finer] = levelNames(classification)
  if (finer.length > 0)
    return `a code must be ${level === undefined ? 'one' : `a ${level}`} of ${classification.name}`
  const codes = codesOf(classification, own)
  const more = codes.length > NAMED ? `, … (${codes.length})` : ''
  return `a ${own} must be one of ${codes.slice(0, NAMED).map(excerptOf).join(', ')}${more}`
}

const unknownCode = (
  classification: Classification,
  level: string | undefined,
  written: string,
  cut: Code | undefined,
): string => {
  const what = `${codeRule(classification, level)}, received '${excerptOf(written)}'`
  if (cut !== undefined)
    return `${what}. Use finerCodes 'cut' (kic: --cut-codes) to read it as ${cut.level} ${cut.code}.`
  const padded = `0${written}`
  const lost = level === undefined && /^\d+$/.test(written) ? levelOf(classification, padded) : undefined
  return lost === undefined
    ? `${what}. Correct it.`
    : `${what}. If a spreadsheet program removed the leading zero of ${lost} ${padded}, add it, or rename the column to ${lost}.`
}

const labelsFromLevels = (
  classification: Classification,
  levels: readonly string[],
  cells: readonly string[],
  { finerCodes, complete }: { readonly finerCodes: FinerCodes; readonly complete: boolean },
): FoundLabels => {
  let finest: { readonly level: string; readonly labels: Labels } | undefined
  let finer: CutCode['finer']
  let otherLetter: string | undefined
  let missing = false
  const codes = new Map<string, string>()
  // From fine to coarse: a row may end on any level, and must have all coarser levels of the file.
  for (const level of levelNames(classification).toReversed()) {
    const position = levels.indexOf(level)
    if (position < 0) continue
    const cell = cells[position] ?? ''
    if (withoutInvisible(cell).trim() === '') {
      missing ||= complete || finest !== undefined
      continue
    }
    const found = codeIn(classification, level, cell, finerCodes)
    if ('reason' in found) return found
    codes.set(level, found.code)
    if (finest === undefined) finer = found.finer
    otherLetter ??= found.otherLetter
    finest ??= { level, labels: labelsOf(classification, level, found.code) }
  }
  if (finest === undefined) return unlabelled
  if (missing) {
    const given = levels.map((level, i) => `${level} '${excerptOf(cells[i] ?? '')}'`).join(', ')
    return {
      reason: 'incomplete-labels',
      message: `a row must have labels ${complete ? 'at every level' : 'from the coarsest level down to its own'}, or none, received ${given}. Complete them.`,
    }
  }
  for (const [level, code] of [...codes].toReversed()) {
    const expected = finest.labels[level]
    if (expected !== code)
      return {
        reason: 'contradictory-labels',
        message: `${finest.level} ${finest.labels[finest.level]} belongs to ${level} ${expected}, received ${level} ${code}. Correct one of them.`,
      }
  }
  return { labels: finest.labels, finer, otherLetter }
}

const labelsFromCode = (
  classification: Classification,
  cell: string,
  finerCodes: FinerCodes,
): FoundLabels => {
  if (withoutInvisible(cell).trim() === '') return unlabelled
  const found = codeIn(classification, undefined, cell, finerCodes)
  if ('reason' in found) return found
  const { finer, otherLetter } = found
  return { labels: labelsOf(classification, found.level, found.code), finer, otherLetter }
}

/**
 * A reader of the labels of a layout's rows. It caches the cells that are valid: about as many entries as classes,
 * however many rows.
 *
 * @throws KicError `data/unknown-level` if the layout labels more levels than the classification has
 */
export const labelReader = (
  layout: Layout,
  classification: Classification | undefined,
  finerCodes: FinerCodes,
): ((cells: readonly string[]) => FoundLabels) => {
  if (classification === undefined) return plainLabelReader(layout)
  const code = layout.columns.findIndex(({ holds }) => holds === 'code')
  if (code >= 0) return (cells) => labelsFromCode(classification, cells[code] ?? '', finerCodes)
  const names = levelNames(classification)
  const positions: number[] = []
  const levels: string[] = []
  layout.columns.forEach((column, position) => {
    if (column.holds !== 'label') return
    positions.push(position)
    const level = names[column.depth]
    if (level === undefined)
      throw new KicError<DataErrorCode>(
        'data/unknown-level',
        `createRowParser: the layout may label at most the ${names.length} levels of ${classification.name}, received ${column.depth + 1} levels of the ${layout.name}. Choose another layout or classification.`,
      )
    levels.push(level)
  })
  if (positions.length === 0) return () => unlabelled
  const rules = { finerCodes, complete: layout.completeLabels === true }
  const known = new Map<string, FoundLabels>()
  return (cells) => {
    const given = positions.map((position) => cells[position] ?? '')
    const key = given.join('\n')
    const remembered = known.get(key)
    if (remembered !== undefined) return remembered
    const found = labelsFromLevels(classification, levels, given, rules)
    // Invalid labels are not cached: a hostile file could have as many of them as rows.
    if ('labels' in found && known.size < 10_000) known.set(key, found)
    return found
  }
}
