import { type Classification, levelNames } from '@kic/classification'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import type { RowFields } from '../row.ts'
import { columnsNamed, headerKey, headerName } from './header-name.ts'
import type { Column, Layout } from './layout.ts'
import { excerptOf } from './reject.ts'

/**
 * Column names by content: `id`, `text`, `object`, `method`, `deal`, `code` or a level of the classification, for example
 * `{ text: '사업내용', group: '소분류' }`. All other columns are skipped.
 */
export type ColumnNames = Readonly<Record<string, string>>

const fields: readonly (keyof RowFields)[] = ['object', 'method', 'deal']

/** The competition's column names are recognised in every file with named columns. */
const competitionRoles: ReadonlyMap<string, Column> = new Map([
  ['ai_id', { holds: 'id' }],
  ['digit_1', { holds: 'label', depth: 0 }],
  ['digit_2', { holds: 'label', depth: 1 }],
  ['digit_3', { holds: 'label', depth: 2 }],
  ['text_obj', { holds: 'field', field: 'object' }],
  ['text_mthd', { holds: 'field', field: 'method' }],
  ['text_deal', { holds: 'field', field: 'deal' }],
])

/** The levels that columns may be called after. */
export const levelsOf = (classification: Classification | undefined): readonly string[] =>
  classification === undefined ? [] : levelNames(classification)

/** What a column of labels may be called: as a level is, or code, or without a classification label. */
export const labelColumns = (classification: Classification | undefined): string =>
  classification === undefined ? 'label' : `${levelNames(classification).join(', ')} or code`

const roleOf = (cell: string, classification: Classification | undefined): Column | undefined => {
  const name = headerKey(cell)
  if (name === 'id' || name === 'text' || name === 'code') return { holds: name }
  if (name === 'label' && classification === undefined) return { holds: 'code' }
  const field = fields.find((known) => known === name)
  if (field !== undefined) return { holds: 'field', field }
  const depth = levelsOf(classification).findIndex((level) => level.toLowerCase() === name)
  return depth >= 0 ? { holds: 'label', depth } : competitionRoles.get(name)
}

/**
 * The reason why columns do not make rows, as a rule, the header and a remedy; undefined if they do: one text or some
 * fields, a code or levels, nothing twice.
 */
const problemOf = (header: readonly string[], columns: readonly Column[]): string | undefined => {
  const nameOf = (position: number): string => `'${excerptOf(headerName(header[position] ?? ''))}'`
  const problem = (rule: string, remedy: string): string =>
    `${rule}, received '${shownHeader(header)}'. ${remedy}`
  const positionOf = (holds: Column['holds']): number => columns.findIndex((column) => column.holds === holds)
  const seen = new Map<string, number>()
  for (const [i, column] of columns.entries()) {
    if (column.holds === 'other') continue
    const before = seen.get(JSON.stringify(column))
    if (before !== undefined)
      return problem(
        `two columns must not have the same content, as ${nameOf(before)} and ${nameOf(i)} do (columns ${before + 1} and ${i + 1})`,
        'Keep one of them.',
      )
    seen.set(JSON.stringify(column), i)
  }
  const [text, field, code, label] = [
    positionOf('text'),
    positionOf('field'),
    positionOf('code'),
    positionOf('label'),
  ]
  if (text < 0 && field < 0)
    return problem('a column must be called text (or object, method, deal)', 'Map the column with the text.')
  if (text >= 0 && field >= 0)
    return problem(
      `the text must be either whole or in parts, but ${nameOf(text)} is whole and ${nameOf(field)} is a part`,
      'Map the columns to read.',
    )
  if (code >= 0 && label >= 0)
    return problem(
      `codes must be either in one column or in one per level, but ${nameOf(code)} has any level and ${nameOf(label)} one level`,
      'Map the columns to read.',
    )
  return undefined
}

const makesRows = (header: readonly string[], columns: readonly Column[]): boolean =>
  problemOf(header, columns) === undefined

/** The fault of a header with some known names; undefined if it has none. */
export const headerProblem = (
  header: readonly string[],
  classification: Classification | undefined,
): string | undefined => {
  const columns = header.map((cell): Column => roleOf(cell, classification) ?? { holds: 'other' })
  if (columns.every(({ holds }) => holds === 'other')) return undefined
  const missing = [...competitionRoles.keys()].filter(
    (name) => !header.some((cell) => headerKey(cell) === name),
  )
  if (missing.length > 0 && missing.length < competitionRoles.size) return undefined
  return problemOf(header, columns)
}

/**
 * Columns by their names in a header, or undefined if they do not make rows. Other columns are ignored. The
 * competition's names must be complete: a file that lacks one of them has lost a column.
 */
export const ownColumns = (
  header: readonly string[],
  classification: Classification | undefined,
): readonly Column[] | undefined => {
  const columns = header.map((cell): Column => roleOf(cell, classification) ?? { holds: 'other' })
  const competition = header.filter((cell) => competitionRoles.has(headerKey(cell))).length
  if (competition > 0 && competition < competitionRoles.size) return undefined
  return makesRows(header, columns) ? columns : undefined
}

/** The beginnings of a header's column names, as a person reads them. */
export const shownHeader = (header: readonly string[]): string =>
  excerptOf(header.map((cell) => headerName(cell)).join(', '))

/**
 * Columns by names that the caller gives. Case, line breaks, white space, invisible characters and the composition of
 * Hangul do not matter.
 *
 * @throws KicError `data/unknown-column` for an unknown role, a name that the header lacks or has twice, and roles that
 * do not make rows
 */
export const chosenColumns = (
  header: readonly string[],
  names: ColumnNames,
  classification: Classification | undefined,
  file: string,
): readonly Column[] => {
  const fail = (rule: string): never => {
    throw new KicError<DataErrorCode>('data/unknown-column', `${file}: columns: ${rule}`)
  }
  const columns: Column[] = header.map(() => ({ holds: 'other' }))
  for (const [role, name] of Object.entries(names)) {
    const column = roleOf(role, classification)
    if (column === undefined)
      return fail(
        `a role must be id, text, object, method, deal, ${labelColumns(classification)}, received '${role}'. Correct the role.`,
      )
    const [at, ...more] = columnsNamed(header, name)
    if (at === undefined)
      return fail(
        `the header must have '${headerName(name)}' once, received '${shownHeader(header)}'. Correct the name of ${role}.`,
      )
    if (more.length > 0)
      return fail(
        `the header must have '${headerName(name)}' once, received it ${more.length + 1} times, as columns ${[at, ...more].map((i) => i + 1).join(' and ')}. Rename one of them.`,
      )
    const before = columns[at]
    if (before !== undefined && before.holds !== 'other')
      return fail(
        `every column has one role, received '${headerName(name)}' for two. Choose another column for ${role}.`,
      )
    columns[at] = column
  }
  if (!makesRows(header, columns))
    return fail(
      `there must be either text or fields (object, method, deal), and either a code or levels, received ${JSON.stringify(names)}. Leave one of each pair out.`,
    )
  return columns
}

/** The first columns of the output of `kic predict`; codes and the text follow. */
const answersStart = ['id', 'line', 'status', 'reason']

/** Whether a header is all that `kic predict` writes to CSV: after the start three columns a level, alternatives, text. */
const isAnswersCsv = (header: readonly string[]): boolean => {
  const names = header.map(headerName)
  const end = names.indexOf('alternatives')
  const codes = names.slice(answersStart.length, Math.max(end, 0))
  return (
    codes.length > 0 &&
    codes.length % 3 === 0 &&
    codes.every((name, i) => name === `${codes[i - (i % 3)]}${['', '_name', '_confidence'][i % 3]}`) &&
    names.indexOf('text', end) > 0
  )
}

/** Formats with named columns. */
export type TableFormat = 'TSV' | 'CSV' | '|-separated' | 'JSONL' | 'Parquet' | 'XLSX'

/**
 * A layout of named columns.
 *
 * @param title a longer name of the format
 */
export const columnsLayout = (
  header: readonly string[],
  columns: readonly Column[],
  format: TableFormat,
  title: string = format,
): Layout => {
  const delimiters = {
    TSV: '\t',
    CSV: ',',
    '|-separated': '|',
    JSONL: 'json',
    Parquet: 'none',
    XLSX: 'none',
  } as const
  const quotings = {
    TSV: 'whole-cells',
    CSV: true,
    '|-separated': false,
    JSONL: false,
    Parquet: false,
    XLSX: false,
  } as const
  const isAnswers = answersStart.every((name, i) => headerKey(header[i] ?? '') === name)
  const wanted = header
    .filter((_, i) => columns[i]?.holds !== 'other')
    .map((cell) => excerptOf(headerName(cell)))
  return {
    name: `${title} (${wanted.join(', ')})`,
    delimiter: delimiters[format],
    quoted: quotings[format],
    header: [...header],
    columns,
    ...(header.some((cell) => competitionRoles.has(headerKey(cell))) ? { completeLabels: true } : {}),
    ...(isAnswers ? { answers: format === 'CSV' && isAnswersCsv(header) ? 'guarded' : 'plain' } : {}),
  }
}
