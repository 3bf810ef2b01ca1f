import { KicError } from '@kic/core'
import { type Hierarchy, levelNames } from './hierarchy.ts'
import type { Column, Layout } from './layout.ts'
import { excerptOf } from './reject.ts'
import type { RowFields } from './row.ts'

/**
 * Which columns of a file are wanted, by what they hold: `id`, `text`, `object`, `method`, `deal`, `code` or a level of
 * the hierarchy; for example `{ text: '사업내용', group: '소분류' }`. All other columns are passed over.
 */
export type ColumnNames = Readonly<Record<string, string>>

const fields: readonly (keyof RowFields)[] = ['object', 'method', 'deal']

/** The names of the competition's columns are understood wherever columns are named. */
const competitionRoles: ReadonlyMap<string, Column> = new Map([
  ['ai_id', { holds: 'id' }],
  ['digit_1', { holds: 'label', depth: 0 }],
  ['digit_2', { holds: 'label', depth: 1 }],
  ['digit_3', { holds: 'label', depth: 2 }],
  ['text_obj', { holds: 'field', field: 'object' }],
  ['text_mthd', { holds: 'field', field: 'method' }],
  ['text_deal', { holds: 'field', field: 'deal' }],
])

const roleOf = (name: string, hierarchy: Hierarchy): Column | undefined => {
  if (name === 'id' || name === 'text' || name === 'code') return { holds: name }
  const field = fields.find((known) => known === name)
  if (field !== undefined) return { holds: 'field', field }
  const depth = levelNames(hierarchy).findIndex((level) => level.toLowerCase() === name)
  return depth >= 0 ? { holds: 'label', depth } : competitionRoles.get(name)
}

/** Whether columns make rows: one text or some fields, a code or levels, nothing twice. */
const makesRows = (columns: readonly Column[]): boolean => {
  const wanted = columns.filter(({ holds }) => holds !== 'other')
  const names = wanted.map((column) => JSON.stringify(column))
  const has = (holds: Column['holds']): boolean => wanted.some((column) => column.holds === holds)
  return (
    new Set(names).size === names.length && has('text') !== has('field') && !(has('code') && has('label'))
  )
}

/**
 * Columns by the names that a header has for them, or undefined if it has another name or does not make rows. Of the
 * competition's names there must be all: a file without one of them lost a column.
 */
export const ownColumns = (
  header: readonly string[],
  hierarchy: Hierarchy,
): readonly Column[] | undefined => {
  const columns: Column[] = []
  let competition = 0
  for (const cell of header) {
    const name = cell.trim().toLowerCase()
    const column = roleOf(name, hierarchy)
    if (column === undefined) return undefined
    if (competitionRoles.has(name)) competition += 1
    columns.push(column)
  }
  if (competition > 0 && competition < competitionRoles.size) return undefined
  return makesRows(columns) ? columns : undefined
}

/**
 * Columns by names given from outside; case and outer spaces do not matter.
 *
 * @throws KicError `data/unknown-column` for a role that there is not, a name that the header lacks or has twice, and
 * roles that do not make rows.
 */
export const chosenColumns = (
  header: readonly string[],
  names: ColumnNames,
  hierarchy: Hierarchy,
  file: string,
): readonly Column[] => {
  const fail = (rule: string): never => {
    throw new KicError('data/unknown-column', `${file}: columns: ${rule}`)
  }
  const cells = header.map((cell) => cell.trim().toLowerCase())
  const columns: Column[] = header.map(() => ({ holds: 'other' }))
  for (const [role, name] of Object.entries(names)) {
    const column = roleOf(role, hierarchy)
    if (column === undefined)
      return fail(
        `a column holds id, text, object, method, deal, code or one of ${levelNames(hierarchy).join(', ')}, received '${role}'`,
      )
    const at = cells.indexOf(name.trim().toLowerCase())
    if (at < 0 || at !== cells.lastIndexOf(name.trim().toLowerCase()))
      return fail(
        `the header must have '${name}' once, received '${excerptOf(header.join(', '))}'; correct the name of ${role}`,
      )
    columns[at] = column
  }
  if (!makesRows(columns))
    return fail(
      `there must be text or fields (object, method, deal), and a code or levels, not both, received ${JSON.stringify(names)}`,
    )
  return columns
}

/** A layout of named columns. */
export const columnsLayout = (
  header: readonly string[],
  columns: readonly Column[],
  format: 'TSV' | 'CSV' | '|-separated' | 'Parquet',
): Layout => {
  const delimiters = { TSV: '\t', CSV: ',', '|-separated': '|', Parquet: 'none' } as const
  const wanted = header.filter((_, i) => columns[i]?.holds !== 'other').map((cell) => excerptOf(cell.trim()))
  return {
    name: `${format} (${wanted.join(', ')})`,
    delimiter: delimiters[format],
    quoted: format === 'CSV',
    header: [...header],
    columns,
  }
}
