import { KicError } from '@kic/core'
import type { TokenizerErrorCode } from './error-code.ts'
import { asObject, asString, type JsonObject, own } from './json-shape.ts'

/** A token by its two names. */
export interface SpecialToken {
  readonly token: string
  readonly id: number
}

/** The five tokens of every encoder model of the BERT family. */
export interface SpecialTokens {
  readonly cls: SpecialToken
  readonly sep: SpecialToken
  readonly pad: SpecialToken
  readonly unk: SpecialToken
  readonly mask: SpecialToken
}

/** The names of the five roles, in the order of klue's vocabularies: `[CLS]` 0, `[PAD]` 1, `[SEP]` 2, `[UNK]` 3, `[MASK]` 4. */
export const SPECIAL_ROLES = ['cls', 'pad', 'sep', 'unk', 'mask'] as const

/** The tokens of these roles, in klue's order. */
export const KLUE_SPECIAL_TOKENS: readonly string[] = ['[CLS]', '[PAD]', '[SEP]', '[UNK]', '[MASK]']

/** One of the five roles. */
export type SpecialRole = (typeof SPECIAL_ROLES)[number]

/** The default names of the five tokens: BERT's, then RoBERTa's. */
const DEFAULTS: Readonly<Record<SpecialRole, readonly string[]>> = {
  cls: ['[CLS]', '<s>'],
  pad: ['[PAD]', '<pad>'],
  sep: ['[SEP]', '</s>'],
  unk: ['[UNK]', '<unk>'],
  mask: ['[MASK]', '<mask>'],
}

const configured = (file: JsonObject | null, name: string, role: SpecialRole): string | undefined => {
  const key = `${role}_token`
  const value = file === null ? undefined : own(file, key)
  if (value === undefined || value === null) return undefined
  const where = `${name}: ${key}`
  return typeof value === 'string'
    ? asString(value, where)
    : asString(own(asObject(value, where), 'content'), where)
}

/**
 * The five special tokens: from special_tokens_map.json, else tokenizer_config.json, else the default names in the
 * vocabulary, `[CLS]` or `<s>` and so on.
 *
 * @throws KicError `tokenizer/missing-special-token` if the vocabulary lacks one
 */
export const resolveSpecialTokens = (
  idOf: (token: string) => number | undefined,
  tokenizerConfig: JsonObject | null,
  specialTokensMap: JsonObject | null,
): SpecialTokens => {
  const resolve = (role: SpecialRole): SpecialToken => {
    const named =
      configured(specialTokensMap, 'special_tokens_map.json', role) ??
      configured(tokenizerConfig, 'tokenizer_config.json', role)
    const candidates = named === undefined ? DEFAULTS[role] : [named]
    for (const token of candidates) {
      const id = idOf(token)
      if (id !== undefined) return { token, id }
    }
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/missing-special-token',
      `createTokenizer: the vocabulary must hold the ${role} token, but has no ${candidates.join(' or ')}. ` +
        `Add it to the vocabulary, or name the right one as ${role}_token in tokenizer_config.json.`,
    )
  }
  return {
    cls: resolve('cls'),
    sep: resolve('sep'),
    pad: resolve('pad'),
    unk: resolve('unk'),
    mask: resolve('mask'),
  }
}
