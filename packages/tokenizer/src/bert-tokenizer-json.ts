import { defined, KicError } from '@kic/core'
import type { TokenizerErrorCode } from './error-code.ts'
import { asBoolean, asInteger, asObject, asString, type JsonObject, own, shapeError } from './json-shape.ts'
import { resolveSpecialTokens, SPECIAL_ROLES, type SpecialRole } from './special-tokens.ts'

/** Reads a vocab.txt: one token per line; its id is the line's index from 0. */
export const parseVocabularyText = (text: string): string[] => {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

const checkVocabulary = (vocabulary: readonly string[]): Map<string, number> => {
  const ids = new Map<string, number>()
  for (const [id, token] of vocabulary.entries()) {
    asString(token, `line ${id + 1} of the vocabulary`)
    const earlier = ids.get(token)
    if (token === '' || earlier !== undefined) {
      throw new KicError<TokenizerErrorCode>(
        'tokenizer/bad-vocabulary',
        `createTokenizer: every line of a vocabulary must hold a token of its own, but line ${id + 1} ` +
          (token === '' ? 'is empty.' : `repeats ${JSON.stringify(token)} of line ${defined(earlier) + 1}.`) +
          ' Remove it only if the model was trained without it: the ids of all later lines change.',
      )
    }
    ids.set(token, id)
  }
  return ids
}

interface ExtraToken {
  readonly id: number
  readonly token: JsonObject
}

const extraTokens = (config: JsonObject): ExtraToken[] => {
  const decoder = own(config, 'added_tokens_decoder')
  if (decoder === undefined || decoder === null) return []
  const where = 'tokenizer_config.json: added_tokens_decoder'
  return Object.entries(asObject(decoder, where)).map(([key, token]) => ({
    id: asInteger(Number(key), where, 0, 1 << 20),
    token: asObject(token, `${where}[${key}]`),
  }))
}

const FLAGS = ['single_word', 'lstrip', 'rstrip', 'normalized'] as const

/** The properties of a role's token besides its content, from the first file that lists it. */
const flagsOf = (files: readonly (JsonObject | null)[], role: SpecialRole): JsonObject => {
  const named = files.map((file) => (file === null ? undefined : own(file, `${role}_token`)))
  const token = named.find((value) => value !== undefined && value !== null)
  if (typeof token !== 'object' || token === null) return {}
  const object = asObject(token, `${role}_token`)
  return Object.fromEntries(FLAGS.map((flag) => [flag, own(object, flag) ?? false]))
}

/**
 * The tokenizer.json equivalent to a BERT vocabulary (a vocab.txt's lines) and its tokenizer_config.json: the result of
 * Hugging Face's converter. As there, `do_lower_case` defaults to true and `strip_accents` to its value.
 *
 * @throws KicError `tokenizer/bad-vocabulary`, `tokenizer/missing-special-token`, `tokenizer/bad-json` or, if the
 *   configuration belongs to another class, `tokenizer/unsupported-model`
 */
export const bertTokenizerJson = (
  vocabulary: readonly string[],
  tokenizerConfig: JsonObject,
  specialTokensMap: JsonObject | null,
): JsonObject => {
  const ids = checkVocabulary(vocabulary)
  const name = 'tokenizer_config.json'
  const tokenizerClass = own(tokenizerConfig, 'tokenizer_class')
  if (
    typeof tokenizerClass === 'string' &&
    !/^(Bert|Electra|DistilBert)Tokenizer(Fast)?$/.test(tokenizerClass)
  ) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/unsupported-model',
      `createTokenizer: a vocabulary of lines needs a BERT tokenizer, but tokenizer_class is ${tokenizerClass}. ` +
        'Use the tokenizer.json of that model.',
    )
  }
  const stripAccents = own(tokenizerConfig, 'strip_accents') ?? null
  if (stripAccents !== null && typeof stripAccents !== 'boolean') {
    throw shapeError(`${name}: strip_accents`, 'true, false or null', stripAccents)
  }
  const special = resolveSpecialTokens((token) => ids.get(token), tokenizerConfig, specialTokensMap)
  const roles = SPECIAL_ROLES.map((role) => ({
    ...special[role],
    flags: flagsOf([specialTokensMap, tokenizerConfig], role),
  }))
  const given = extraTokens(tokenizerConfig)
  const givenIds = new Set(given.map(({ id }) => id))
  const added = [
    ...roles
      .filter(({ id }, i) => !givenIds.has(id) && roles.findIndex((other) => other.id === id) === i)
      .map(({ token, id, flags }) => ({
        id,
        content: token,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
        ...flags,
      })),
    ...given.map(({ id, token }) => ({ ...token, id })),
  ].sort((a, b) => a.id - b.id)

  const token = ({ token: id }: { token: string }, typeId: number) => ({
    SpecialToken: { id, type_id: typeId },
  })
  const text = (id: 'A' | 'B', typeId: number) => ({ Sequence: { id, type_id: typeId } })
  const { cls, sep, unk } = special
  const single = [token(cls, 0), text('A', 0), token(sep, 0)]
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: asBoolean(
        own(tokenizerConfig, 'tokenize_chinese_chars'),
        `${name}: tokenize_chinese_chars`,
        true,
      ),
      strip_accents: stripAccents,
      lowercase: asBoolean(own(tokenizerConfig, 'do_lower_case'), `${name}: do_lower_case`, true),
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, text('B', 1), token(sep, 1)],
      special_tokens: Object.fromEntries(
        [cls, sep].map(({ token: id, id: number }) => [id, { id, ids: [number], tokens: [id] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: unk.token,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  }
}
