import type { Classification } from '../classification.ts'
import { buildClassification } from './build-classification.ts'
import { findHeader } from './find-header.ts'
import { englishWords, type HeaderWords, headerKey } from './header-words.ts'
import { type Found, listEntries, type Nesting } from './list-entries.ts'
import { listRows } from './list-rows.ts'
import { pathEntries } from './path-entries.ts'
import { tableFailure } from './table-error.ts'
import type { ClassificationTableOptions } from './table-options.ts'
import { type TableRecords, tableRecords } from './table-record.ts'
import type { RestoredCode } from './with-zeros.ts'

/** A classification that was read from a table. */
export interface ParsedClassification {
  readonly classification: Classification
  readonly nesting: Nesting
  /** Codes whose leading zeros were lost and are certain. */
  readonly restored: readonly RestoredCode[]
}

/**
 * Reads a classification as statistics offices publish it: rows of cells with a header, in one of these forms.
 *
 * - A class a row: code, name, and where there are such columns the code of its parent and its level.
 * - A path a row: a column of codes for each level, with names beside them or in one column; empty cells are as above.
 *
 * Without a column of parents the class above is the one whose code begins the code ('0111', 011; '01.11', '01.1'; 311 and
 * '31-33'), or where no code does, as with sections that are letters, the last one before it.
 *
 * Every fault is refused with its line, its code, the rule and what to do. Leading zeros that a spreadsheet took are
 * restored where levels are known by columns and only one reading is possible.
 *
 * @throws KicError `classification/header`, `/empty-code`, `/empty-name`, `/duplicate-code`, `/orphan`, `/cycle`,
 * `/skipped-level`, `/order`, `/lost-zeros`, `/unknown-level`, `/bad-tree`
 */
export const parseClassification = (
  rows: TableRecords,
  options: ClassificationTableOptions = {},
): ParsedClassification => {
  const { source, depth = Number.POSITIVE_INFINITY } = options
  const fail = tableFailure(source === undefined ? 'parseClassification' : `parseClassification: ${source}`)
  if (!(depth >= 1))
    throw fail(
      'classification/unknown-level',
      `depth must be 1 or more, received ${depth}`,
      [],
      'Leave it out for all levels.',
    )
  const restored: RestoredCode[] = []
  const note = (one: RestoredCode): void => {
    restored.push(one)
  }
  const { columns, body } = findHeader(tableRecords(rows), allWords(options), options.columns, fail)
  if (body.length === 0)
    throw fail('classification/header', 'there must be rows below the header', [], 'Add them.')
  const found: Found =
    columns.form === 'path'
      ? {
          entries: pathEntries(body, columns, depth, note, fail),
          nesting: 'columns',
          levels: columns.levels.slice(0, depth).map(({ level }) => level),
        }
      : listEntries(listRows(body, columns, fail), columns, options, note, fail)
  const name = options.name ?? source ?? 'classification'
  const levels = options.levels?.slice(0, depth) ?? found.levels
  return {
    classification: buildClassification(name, found.entries, levels, fail),
    nesting: found.nesting,
    restored,
  }
}

const allWords = ({ words = {}, levels = [] }: ClassificationTableOptions): HeaderWords => {
  const { code, name, parent, level, english } = englishWords
  return {
    code: [...(words.code ?? []), ...code],
    name: [...(words.name ?? []), ...name],
    parent: [...(words.parent ?? []), ...parent],
    level: [...(words.level ?? []), ...level],
    english: [...(words.english ?? []), ...english],
    levels: [...(words.levels ?? []), ...levels.map(headerKey), ...englishWords.levels],
  }
}
