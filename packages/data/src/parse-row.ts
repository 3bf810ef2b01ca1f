import { KicError } from '@kic/core'
import { type Hierarchy, type Labels, labelsOf, levelNames, levelOf, restoreCode } from './hierarchy.ts'
import type { Column, Layout } from './layout.ts'
import { excerptOf, type Reject, type RejectReason } from './reject.ts'
import { joinFields, type Row, type RowFields, singleSpaced } from './row.ts'
import { normalizeText, type TextNormalization } from './unicode-normalization.ts'

/** Turns the cells of one line into a row, or into the reason why not. `raw` is the line, for the excerpt. */
export type RowParser = (cells: readonly string[], line: number, raw: string) => Row | Reject

/** Whether a parser's answer is a reject. */
export const isReject = (result: Row | Reject): result is Reject => 'reason' in result

interface Problem {
  readonly reason: RejectReason
  readonly message: string
}

type Found = { readonly labels: Labels | undefined } | Problem

const unlabelled: Found = { labels: undefined }

const labelsFromCode = (hierarchy: Hierarchy, cell: string): Found => {
  const code = cell.trim()
  if (code === '') return unlabelled
  const level = levelOf(hierarchy, code)
  if (level !== undefined) return { labels: labelsOf(hierarchy, level, code) }
  return {
    reason: 'unknown-label',
    message: `${hierarchy.name} has no code '${excerptOf(code)}' on any level`,
  }
}

const labelsFromLevels = (
  hierarchy: Hierarchy,
  levels: readonly string[],
  cells: readonly string[],
): Found => {
  const empty = cells.filter((cell) => cell.trim() === '').length
  if (empty === cells.length) return unlabelled
  if (empty > 0) {
    const given = levels.map((level, i) => `${level} '${excerptOf(cells[i] ?? '')}'`).join(', ')
    return {
      reason: 'incomplete-labels',
      message: `either all labels are given or none, received ${given}`,
    }
  }
  let finest: { readonly level: string; readonly labels: Labels } | undefined
  const codes = new Map<string, string>()
  for (const level of levelNames(hierarchy)) {
    const position = levels.indexOf(level)
    if (position < 0) continue
    const cell = cells[position] ?? ''
    const code = restoreCode(hierarchy, level, cell)
    if (code === undefined)
      return { reason: 'unknown-label', message: `${hierarchy.name} has no ${level} '${excerptOf(cell)}'` }
    codes.set(level, code)
    finest = { level, labels: labelsOf(hierarchy, level, code) }
  }
  if (finest === undefined) return unlabelled
  for (const [level, code] of codes) {
    const expected = finest.labels[level]
    if (expected !== code)
      return {
        reason: 'contradictory-labels',
        message: `${finest.level} ${finest.labels[finest.level]} belongs to ${level} ${expected}, received ${level} ${code}`,
      }
  }
  return { labels: finest.labels }
}

const positionOf = (layout: Layout, holds: Column['holds']): number =>
  layout.columns.findIndex((column) => column.holds === holds)

const fieldReader = (layout: Layout): ((cells: readonly string[]) => RowFields) | undefined => {
  const at = (field: keyof RowFields): number =>
    layout.columns.findIndex((column) => column.holds === 'field' && column.field === field)
  if (positionOf(layout, 'field') < 0) return undefined
  const [object, method, deal] = [at('object'), at('method'), at('deal')]
  return (cells) => ({
    object: cells[object] ?? '',
    method: cells[method] ?? '',
    deal: cells[deal] ?? '',
  })
}

/** Remembers the labels of cells that proved right: as many entries as there are classes, however many rows. */
const labelReader = (layout: Layout, hierarchy: Hierarchy): ((cells: readonly string[]) => Found) => {
  const code = positionOf(layout, 'code')
  if (code >= 0) return (cells) => labelsFromCode(hierarchy, cells[code] ?? '')
  const names = levelNames(hierarchy)
  const positions: number[] = []
  const levels: string[] = []
  layout.columns.forEach((column, position) => {
    if (column.holds !== 'label') return
    positions.push(position)
    const level = names[column.depth]
    if (level === undefined)
      throw new KicError(
        'data/unknown-level',
        `createRowParser: the ${layout.name} labels ${column.depth + 1} levels, ${hierarchy.name} has ${names.length}`,
      )
    levels.push(level)
  })
  if (positions.length === 0) return () => unlabelled
  const known = new Map<string, Found>()
  return (cells) => {
    const given = positions.map((position) => cells[position] ?? '')
    const key = given.join('\n')
    const remembered = known.get(key)
    if (remembered !== undefined) return remembered
    const found = labelsFromLevels(hierarchy, levels, given)
    // Wrong labels are not remembered: a hostile file could have as many of them as rows.
    if ('labels' in found && known.size < 10_000) known.set(key, found)
    return found
  }
}

const rejectRow = (line: number, raw: string, reason: RejectReason, message: string): Reject => ({
  line,
  reason,
  message,
  excerpt: excerptOf(raw),
})

/**
 * A parser of single rows for one layout and hierarchy. It checks, in this order: the number of cells, the id, the
 * text, the labels (known, complete, on one path of the hierarchy). Rows without an id of their own are called
 * `<file>:<line>`. Whether an id came before is the caller's business. The text is normalised by the rule given, the
 * fields are not.
 *
 * @throws KicError `data/unknown-level` where the layout labels more levels than the hierarchy has.
 */
export const createRowParser = (
  layout: Layout,
  hierarchy: Hierarchy,
  file: string,
  normalization: TextNormalization = 'none',
): RowParser => {
  const width = layout.columns.length
  const id = positionOf(layout, 'id')
  const text = positionOf(layout, 'text')
  const readFields = fieldReader(layout)
  const readLabels = labelReader(layout, hierarchy)
  return (cells, line, raw) => {
    if (cells.length !== width) {
      const reason = cells.length < width ? 'too-few-fields' : 'too-many-fields'
      return rejectRow(
        line,
        raw,
        reason,
        `the ${layout.name} has ${width} fields a row, received ${cells.length}`,
      )
    }
    const ownId = id < 0 ? `${file}:${line}` : (cells[id] ?? '').trim()
    if (ownId === '') return rejectRow(line, raw, 'missing-id', 'every row needs an id, received none')
    const fields = readFields?.(cells)
    const written = fields === undefined ? singleSpaced(cells[text] ?? '') : joinFields(fields)
    const joined = normalization === 'none' ? written : singleSpaced(normalizeText(written, normalization))
    if (joined === '')
      return rejectRow(line, raw, 'empty-text', 'every row needs a text, received only empty fields')
    const found = readLabels(cells)
    if ('reason' in found) return rejectRow(line, raw, found.reason, found.message)
    return {
      id: ownId,
      line,
      text: joined,
      ...(fields === undefined ? {} : { fields }),
      ...(found.labels === undefined ? {} : { labels: found.labels }),
    }
  }
}
