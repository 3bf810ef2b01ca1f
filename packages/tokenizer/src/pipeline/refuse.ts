import { KicError } from '@kic/core'
import type { TokenizerErrorCode } from '../error-code.ts'
import { type JsonObject, own, show } from '../json-shape.ts'

/** The error for a part of a tokenizer folder whose ids could differ from those of the Rust crate. */
export const unsupported = (where: string, rule: string, value: unknown, advice: string): KicError =>
  new KicError<TokenizerErrorCode>(
    'tokenizer/unsupported-component',
    `createTokenizer: ${where} must be ${rule}, received ${show(value)}. ${advice}`,
  )

/** The error for a part whose type is not among `known`. */
export const unknownType = (part: JsonObject, where: string, known: readonly string[]): KicError =>
  unsupported(
    `${where}.type`,
    `one of ${known.join(', ')}`,
    own(part, 'type'),
    'Use a tokenizer made of these parts; the README of @kic/tokenizer lists them.',
  )
