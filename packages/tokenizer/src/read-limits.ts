import { KicError } from '@kic/core'
import type { TokenizerErrorCode } from './error-code.ts'
import { asInteger, asObject, asOneOf, asString, type JsonObject, own } from './json-shape.ts'
import { unsupported } from './pipeline/refuse.ts'
import type { SpecialTokens } from './special-tokens.ts'

/** The limits of row lengths in a tokenizer folder. */
export interface Limits {
  /** The end at which a long text is truncated. */
  readonly truncationSide: 'left' | 'right'
  /** The longest row that the folder allows, including special tokens; `null` if it sets no limit. */
  readonly maxLength: number | null
}

const SIDES = ['left', 'right'] as const
const DIRECTIONS = ['Left', 'Right'] as const
const LENGTH_LIMIT = 1 << 30

const section = (json: JsonObject, key: string): JsonObject | null => {
  const value = own(json, key) ?? null
  return value === null ? null : asObject(value, key)
}

const readTruncation = (json: JsonObject): Limits => {
  const truncation = section(json, 'truncation')
  if (truncation === null) return { truncationSide: 'right', maxLength: null }
  const strategy = own(truncation, 'strategy') ?? 'LongestFirst'
  if (strategy !== 'LongestFirst') {
    throw unsupported('truncation.strategy', 'LongestFirst', strategy, 'Set it so, or truncation to null.')
  }
  const direction = asOneOf(own(truncation, 'direction') ?? 'Right', 'truncation.direction', DIRECTIONS)
  return {
    truncationSide: direction === 'Left' ? 'left' : 'right',
    maxLength: asInteger(own(truncation, 'max_length'), 'truncation.max_length', 1, LENGTH_LIMIT),
  }
}

const expectPaddingOnTheRight = (where: string, side: unknown): void => {
  if (side === 'left' || side === 'Left') {
    throw unsupported(where, 'right', side, 'Encoders read the first position: set it to right.')
  }
}

const checkPadding = (json: JsonObject, { pad }: SpecialTokens): void => {
  const padding = section(json, 'padding')
  if (padding === null) return
  const direction = asOneOf(own(padding, 'direction') ?? 'Right', 'padding.direction', DIRECTIONS)
  expectPaddingOnTheRight('padding.direction', direction)
  const id = asInteger(own(padding, 'pad_id') ?? 0, 'padding.pad_id', 0, 1 << 20)
  const token = asString(own(padding, 'pad_token') ?? '[PAD]', 'padding.pad_token')
  if (id !== pad.id || token !== pad.token) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/contradictory-config',
      `createTokenizer: padding of tokenizer.json must name the pad token ${JSON.stringify(pad.token)} with id ${pad.id}, ` +
        `received ${JSON.stringify(token)} with id ${id}. Make both agree with pad_token, or set padding to null.`,
    )
  }
  const type = own(padding, 'pad_type_id') ?? 0
  if (type !== 0) throw unsupported('padding.pad_type_id', '0', type, 'Set it so, or padding to null.')
}

/**
 * The limits that tokenizer.json's `truncation` and tokenizer_config.json's `truncation_side` set; the latter wins, as
 * in transformers. Padding is only checked, because `encodeBatch` decides the width of rows.
 *
 * @throws KicError `tokenizer/bad-json`, `tokenizer/contradictory-config` or, for padding on the left or another
 * strategy than `LongestFirst`, `tokenizer/unsupported-component`.
 */
export const readLimits = (json: JsonObject, config: JsonObject, special: SpecialTokens): Limits => {
  const name = 'tokenizer_config.json'
  const limits = readTruncation(json)
  checkPadding(json, special)
  const padding = asOneOf(own(config, 'padding_side') ?? 'right', `${name}: padding_side`, SIDES)
  expectPaddingOnTheRight(`${name}: padding_side`, padding)
  const given = own(config, 'truncation_side') ?? limits.truncationSide
  return { ...limits, truncationSide: asOneOf(given, `${name}: truncation_side`, SIDES) }
}
