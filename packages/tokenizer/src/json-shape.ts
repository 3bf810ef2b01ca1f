import { KicError } from '@kic/core'
import type { TokenizerErrorCode } from './error-code.ts'

/** A JSON object from outside: read its members only by `own`, never by name. */
export type JsonObject = Readonly<Record<string, unknown>>

const stringify = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? typeof value
  } catch (cause) {
    // Values are nested more deeply than they can be written.
    if (!(cause instanceof RangeError)) throw cause
    return 'a deeply nested value'
  }
}

/** The beginning of a value as JSON, for messages. */
export const show = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** The error about a value at `where` that is not `wanted`. */
export const shapeError = (where: string, wanted: string, value: unknown): KicError =>
  new KicError<TokenizerErrorCode>(
    'tokenizer/bad-json',
    `createTokenizer: ${where} must be ${wanted}, received ${show(value)}. Take the file from the model's own folder again.`,
  )

/** The member `key`, unless it is inherited: `{}.constructor` is nothing. */
export const own = (object: JsonObject, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `value` as an object. @throws KicError `tokenizer/bad-json` */
export const asObject = (value: unknown, where: string): JsonObject => {
  if (!isObject(value)) throw shapeError(where, 'an object', value)
  return value
}

/** `value` as an array. @throws KicError `tokenizer/bad-json` */
export const asArray = (value: unknown, where: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw shapeError(where, 'an array', value)
  return value
}

/** `value` as a string without half surrogate pairs, which no UTF-8 file can hold. @throws KicError `tokenizer/bad-json` */
export const asString = (value: unknown, where: string): string => {
  if (typeof value !== 'string' || value.length > 4096 || /\p{Surrogate}/u.test(value)) {
    throw shapeError(where, 'a well-formed string of at most 4096 characters', value)
  }
  return value
}

/** `value` as an integer in `[low, high)`. @throws KicError `tokenizer/bad-json` */
export const asInteger = (value: unknown, where: string, low: number, high: number): number => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value >= high) {
    throw shapeError(where, `an integer from ${low} to ${high - 1}`, value)
  }
  return value
}

/** `value` as a boolean; `fallback` where it is absent or null. @throws KicError `tokenizer/bad-json` */
export const asBoolean = (value: unknown, where: string, fallback: boolean): boolean => {
  if (value === undefined || value === null) return fallback
  if (typeof value !== 'boolean') throw shapeError(where, 'true or false', value)
  return value
}

/** `value` as a boolean that must be there, as Rust reads it. @throws KicError `tokenizer/bad-json` */
export const asPresentBoolean = (value: unknown, where: string): boolean => {
  if (typeof value !== 'boolean') throw shapeError(where, 'true or false', value)
  return value
}

/** `value` as one of `names`. @throws KicError `tokenizer/bad-json` */
export const asOneOf = <T extends string>(value: unknown, where: string, names: readonly T[]): T => {
  const name = names.find((known) => known === value)
  if (name === undefined) throw shapeError(where, `one of ${names.join(', ')}`, value)
  return name
}

/** `value` as one character. @throws KicError `tokenizer/bad-json` */
export const asCharacter = (value: unknown, where: string): string => {
  const text = asString(value, where)
  if ([...text].length !== 1) throw shapeError(where, 'one character', value)
  return text
}
