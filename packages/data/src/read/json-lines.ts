import { freeName } from './header-name.ts'
import type { Layout } from './layout.ts'
import type { RejectReason } from './reject.ts'

/** The bytes that must have all keys, however many a source has at hand. */
export const JSON_HEAD = 1 << 18

type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object of a line; undefined if it is none. */
const objectOf = (line: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The columns of `kic predict` that every answer has; the text follows the codes. */
const START = ['id', 'line', 'status', 'reason']

/** The columns of a level, as `kic predict` writes them to CSV. */
const levelColumns = (level: string): readonly string[] => [level, `${level}_name`, `${level}_confidence`]

/** The columns of an answer itself, before those that were passed through; undefined if the rows are no answers. */
const ownColumns = (header: readonly string[]): ReadonlySet<string> | undefined =>
  header.slice(0, START.length).join() === START.join()
    ? new Set(header.slice(0, header.indexOf('text') + 1))
    : undefined

/** Values by column; answers of `kic predict` have the columns of its CSV, and nothing else of them is read. */
const valuesOf = (row: JsonObject, header: readonly string[]): ReadonlyMap<string, unknown> => {
  const own = ownColumns(header)
  if (own === undefined) return new Map(Object.entries(row))
  const { codes, columns } = row
  return new Map([
    ...Object.entries(row).filter(([name]) => header.includes(name)),
    ...Object.entries(isObject(codes) ? codes : {}).flatMap(([level, found]) => {
      const { code, name, confidence } = isObject(found) ? found : {}
      const values = [code, name, confidence]
      return levelColumns(level).map((column, i): [string, unknown] => [column, values[i]])
    }),
    ...Object.entries(isObject(columns) ? columns : {}).map(([name, value]): [string, unknown] => [
      freeName(name, own),
      value,
    ]),
  ])
}

const isUnusable = ({ status, reason }: JsonObject): boolean =>
  status === 'unusable' && typeof reason === 'string'

/**
 * The columns of JSON lines, by the first ones: the keys of their objects, or if they are answers of `kic predict` the columns
 * of its CSV. Undefined if the first line is no object.
 */
export const jsonHeader = (lines: readonly string[]): readonly string[] | undefined => {
  const [first, ...others] = lines
  const start = first?.startsWith('{') === true ? objectOf(first) : undefined
  if (start === undefined) return undefined
  const rows = [start, ...others.map(objectOf).filter((row) => row !== undefined)]
  const keysOf = (objects: readonly unknown[]): readonly string[] => [
    ...new Set(objects.filter(isObject).flatMap((object) => Object.keys(object))),
  ]
  const levels = keysOf(rows.map(({ codes }) => codes))
  if (levels.length === 0 && !rows.every(isUnusable)) return keysOf(rows)
  const own = [...START, ...levels.flatMap(levelColumns), 'text']
  const taken = new Set(own)
  return [...own, ...keysOf(rows.map(({ columns }) => columns)).map((name) => freeName(name, taken))]
}

/** A line that makes no cells. */
export interface JsonProblem {
  readonly reason: RejectReason
  readonly message: string
}

const textOf = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The cells of a line, by a layout with the columns of `jsonHeader`. */
export const jsonCells = (
  line: string,
  { header = [], columns }: Pick<Layout, 'header' | 'columns'>,
): readonly string[] | JsonProblem => {
  const row = objectOf(line)
  if (row === undefined)
    return {
      reason: 'malformed-json',
      message: 'a line must be a JSON object, received another text. Correct it.',
    }
  const values = valuesOf(row, header)
  const known = new Set(header)
  for (const [name, value] of values)
    if (!known.has(name) && textOf(value) !== '')
      return {
        reason: 'too-many-fields',
        message: `keys must be in the first lines too, received '${name}', which is not. Give the first line all keys.`,
      }
  const nested = header.find((name, i) => columns[i]?.holds !== 'other' && isNested(values.get(name)))
  if (nested !== undefined)
    return {
      reason: 'malformed-json',
      message: `'${nested}' must be text or a number, received ${Array.isArray(values.get(nested)) ? 'a list' : 'an object'}. Correct it.`,
    }
  return header.map((name) => textOf(values.get(name)))
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null
