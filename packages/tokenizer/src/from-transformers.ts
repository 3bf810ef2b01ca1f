import { KicError } from '@kic/core'
import { assembleTokenizer } from './assemble-tokenizer.ts'
import type { TokenizerErrorCode } from './error-code.ts'
import { resolveSpecialTokens, SPECIAL_ROLES } from './special-tokens.ts'
import type { Template, TemplatePiece } from './template.ts'
import type { Tokenizer } from './tokenizer.ts'

/** What this package uses of a tokenizer of `@xenova/transformers` 2. */
export interface TransformersTokenizer {
  (
    text: string,
    options: {
      text_pair?: string | undefined
      add_special_tokens: boolean
      return_tensor: false
      return_token_type_ids: true
    },
  ): { readonly input_ids: unknown; readonly token_type_ids?: unknown }
  decode(ids: number[], options: { skip_special_tokens: boolean }): string
  getToken(...keys: string[]): string | null
  readonly all_special_ids: readonly number[]
  readonly padding_side?: string | undefined
  readonly model: { readonly tokens_to_ids: ReadonlyMap<string, number> }
}

const numbers = (value: unknown, field: string): number[] => {
  if (Array.isArray(value) && value.every((n) => typeof n === 'number')) return value
  throw new KicError<TokenizerErrorCode>(
    'tokenizer/unsupported-component',
    `fromTransformers: the tokenizer must give ${field} as an array of numbers, received ${typeof value}. ` +
      'Give a tokenizer of @xenova/transformers 2.',
  )
}

/** The pieces of a row of special tokens and probe texts, each probe encoded as `probe`. */
const piecesOf = (
  ids: readonly number[],
  types: readonly number[],
  probe: readonly number[],
): TemplatePiece[] => {
  const pieces: TemplatePiece[] = []
  let sequence: 0 | 1 = 0
  for (let at = 0; at < ids.length; ) {
    const typeId = types[at] ?? 0
    if (probe.every((id, i) => ids[at + i] === id)) {
      pieces.push({ sequence, typeId })
      sequence = 1
      at += probe.length
    } else pieces.push({ ids: [ids[at++] as number], typeId })
  }
  return pieces
}

/**
 * A tokenizer of `@xenova/transformers` as a `Tokenizer`: its ids, in batches. They are that library's own, which differ
 * from the Rust library's where it does (its `Whitespace` cuts between Latin letters and Hangul, say): `createTokenizer` on the
 * same files has the right ones. Where special tokens stand is found by encoding a probe. Long texts are cut at the end. It
 * cannot be saved and knows no word numbers.
 *
 * @throws KicError `tokenizer/unsupported-component` for another object, `tokenizer/missing-special-token`.
 */
export const fromTransformers = (tokenizer: TransformersTokenizer): Tokenizer => {
  if (tokenizer.padding_side === 'left') {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/unsupported-component',
      'fromTransformers: padding_side must be right, received left. Encoders read the first position: set it to right.',
    )
  }
  const encode = (text: string, special: boolean, pair?: string) => {
    const result = tokenizer(text, {
      add_special_tokens: special,
      return_tensor: false,
      return_token_type_ids: true,
      text_pair: pair,
    })
    const ids = numbers(result.input_ids, 'input_ids')
    return {
      ids,
      types: result.token_type_ids === undefined ? [] : numbers(result.token_type_ids, 'token_type_ids'),
    }
  }
  const probe = encode('a', false).ids
  const [single, pair] = [encode('a', true), encode('a', true, 'a')]
  const template: Template = {
    single: piecesOf(single.ids, single.types, probe),
    pair: piecesOf(pair.ids, pair.types, probe),
  }
  const vocabulary = tokenizer.model.tokens_to_ids
  const names = Object.fromEntries(
    SPECIAL_ROLES.map((role) => [`${role}_token`, tokenizer.getToken(`${role}_token`)]),
  )
  return assembleTokenizer({
    encoder: {
      knowsWords: false,
      append: (text, tokens) => {
        for (const id of encode(text, false).ids) tokens.push(id, 0)
      },
    },
    decode: (ids, skipSpecialTokens) =>
      ids.length === 0 ? '' : tokenizer.decode([...ids], { skip_special_tokens: skipSpecialTokens }),
    template,
    specialTokens: resolveSpecialTokens((token) => vocabulary.get(token), names, null),
    vocabulary,
    limits: { truncationSide: 'right', maxLength: null },
    otherSpecialIds: tokenizer.all_special_ids,
    files: null,
  })
}
