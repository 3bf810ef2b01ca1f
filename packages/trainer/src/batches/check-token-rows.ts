import { KicError } from '@kic/core'
import type { TrainerErrorCode } from '../error-code.ts'
import { type RaggedRows, rowOf, type SoftTargets, type TokenRows } from './token-rows.ts'

/**
 * Checks that there is one label per row and one type per token, and that all are integers; the engine that runs a model
 * checks their range. Soft targets must be probabilities.
 *
 * @throws KicError `trainer/rows` with the missing or surplus values, or the row and the value
 */
export const checkTokenRows = (caller: string, rows: TokenRows): void => {
  checkRowAligned(caller, rows)
  const count = rowCount(rows.inputIds)
  for (let row = 0; row < count; row++) {
    const length = checkedRow(caller, 'id', rows.inputIds, row).length
    if (rows.tokenTypeIds !== undefined) checkedTypes(caller, rows.tokenTypeIds, row, length)
    if (rows.labels !== undefined) checkedLabel(caller, rows.labels, row)
    if (rows.softTargets !== undefined) checkedTargets(caller, rows.softTargets, row)
  }
}

/** @throws KicError `trainer/rows` unless each row has labels, token types and a place among soft targets. */
export const checkRowAligned = (
  caller: string,
  { inputIds, tokenTypeIds, labels, softTargets }: TokenRows,
): void => {
  const count = rowCount(inputIds)
  if (labels !== undefined && labels.length !== count) {
    throw refused(
      caller,
      `labels must have one entry per row, received ${labels.length} for ${count} rows. Add or remove labels.`,
    )
  }
  if (softTargets !== undefined && softTargets.rows.length !== count) {
    throw refused(
      caller,
      `softTargets.rows must have one entry per row, received ${softTargets.rows.length} for ${count} rows. Use -1 for rows without.`,
    )
  }
  const types = tokenTypeIds === undefined ? count : rowCount(tokenTypeIds)
  if (types === count) return
  throw refused(
    caller,
    `tokenTypeIds must have one row per row of inputIds, received ${types} for ${count} rows. Add or remove rows.`,
  )
}

/** The label of a row. */
export const checkedLabel = (caller: string, labels: TokenRows['labels'], row: number): number => {
  const label = labels?.[row]
  if (label !== undefined && isInt32(label)) return label
  throw refused(
    caller,
    `the label of row ${row} must be a whole number, received ${label}. Use a class number, or the ignored index.`,
  )
}

/** The soft targets of a row, [C]; `undefined` for a row without. */
export const checkedTargets = (
  caller: string,
  { probabilities, classes, rows }: SoftTargets,
  row: number,
): Float32Array | undefined => {
  const at = rows[row]
  if (at === -1) return undefined
  const found = at === undefined ? undefined : probabilities.subarray(at * classes, (at + 1) * classes)
  if (found?.length === classes && found.every((p) => p >= 0 && p <= 1)) return found
  throw refused(
    caller,
    `row ${row} must have ${classes} probabilities as soft targets, received ${found === undefined ? 'none' : `[${found.slice(0, 5)}]`} ` +
      `at ${at}. Use -1 for rows without.`,
  )
}

/** The token types of a row. */
export const checkedTypes = (
  caller: string,
  types: readonly Int32Array[] | RaggedRows,
  row: number,
  tokens: number,
): Int32Array => {
  const values = checkedRow(caller, 'token type', types, row)
  if (values.length === tokens) return values
  throw refused(
    caller,
    `row ${row} must have one token type per token, received ${values.length} for ${tokens} tokens. Correct tokenTypeIds.`,
  )
}

/** The values of an existing row. Callers without types may pass arrays of other values than integers. */
export const checkedRow = (
  caller: string,
  what: string,
  rows: readonly Int32Array[] | RaggedRows,
  row: number,
): Int32Array => {
  const values = rowOf(rows, row)
  if (values instanceof Int32Array) return values
  const position = Array.from<number>(values ?? []).findIndex((value) => !isInt32(value))
  if (values !== undefined && position < 0) return Int32Array.from<number>(values)
  const value = values === undefined ? 'none' : Array.from<number>(values)[position]
  throw refused(
    caller,
    `row ${row} must have whole numbers as ${what}s, received ${value} at position ${position}. Pass rows as Int32Array.`,
  )
}

const rowCount = (rows: readonly Int32Array[] | RaggedRows): number =>
  'offsets' in rows ? rows.offsets.length - 1 : rows.length

const isInt32 = (value: number): boolean => (value | 0) === value

const refused = (caller: string, rule: string): KicError =>
  new KicError<TrainerErrorCode>('trainer/rows', `${caller}: ${rule}`)
