import { KicError } from '@kic/core'
import { type RaggedRows, rowOf, type TokenRows } from './token-rows.ts'

/**
 * Checks that there is one label for each row and one type for each token, and that all are whole numbers. Which of them a
 * model has a place for is checked by the engine that runs it.
 *
 * @throws KicError `trainer/rows` naming what there is too little or too much of, or the row and the value.
 */
export const checkTokenRows = (caller: string, rows: TokenRows): void => {
  checkRowAligned(caller, rows)
  const count = rowCount(rows.inputIds)
  for (let row = 0; row < count; row++) {
    const length = checkedRow(caller, 'id', rows.inputIds, row).length
    if (rows.tokenTypeIds !== undefined) checkedTypes(caller, rows.tokenTypeIds, row, length)
    if (rows.labels !== undefined) checkedLabel(caller, rows.labels, row)
  }
}

/** @throws KicError `trainer/rows` unless labels and token types are there once a row. */
export const checkRowAligned = (caller: string, { inputIds, tokenTypeIds, labels }: TokenRows): void => {
  const count = rowCount(inputIds)
  if (labels !== undefined && labels.length !== count) {
    throw refused(caller, `there are ${labels.length} labels for ${count} rows. Give each row one label.`)
  }
  const types = tokenTypeIds === undefined ? count : rowCount(tokenTypeIds)
  if (types === count) return
  throw refused(
    caller,
    `there are ${types} rows of tokenTypeIds for ${count} rows of inputIds. Give each row its own.`,
  )
}

/** The label of a row. */
export const checkedLabel = (caller: string, labels: TokenRows['labels'], row: number): number => {
  const label = labels?.[row]
  if (label !== undefined && isInt32(label)) return label
  throw refused(
    caller,
    `row ${row} has the label ${label}; it must be a whole number, a class or what is ignored.`,
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
    `row ${row} has ${tokens} tokens and ${values.length} tokenTypeIds. Give each token one.`,
  )
}

/** The values of a row that is there: callers without types may give arrays that are not of integers. */
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
    `row ${row} has the ${what} ${value} at position ${position}; give rows as Int32Array.`,
  )
}

const rowCount = (rows: readonly Int32Array[] | RaggedRows): number =>
  'offsets' in rows ? rows.offsets.length - 1 : rows.length

const isInt32 = (value: number): boolean => (value | 0) === value

const refused = (caller: string, rule: string): KicError => new KicError('trainer/rows', `${caller}: ${rule}`)
