import { KicError } from '@kic/core'
import { assembleTokenizer } from './assemble-tokenizer.ts'
import { createBertEncoder } from './bert-encoder.ts'
import { bertTokenizerConfig, readBertPipeline } from './bert-pipeline.ts'
import { bertTokenizerJson } from './bert-tokenizer-json.ts'
import type { TokenizerErrorCode } from './error-code.ts'
import { asInteger, asObject, asString, type JsonObject, own, show } from './json-shape.ts'
import { type ParsedTokenizerJson, parseTokenizerJson } from './parse-tokenizer-json.ts'
import { createPipelineEncoder } from './pipeline/pipeline-encoder.ts'
import { readDecoder } from './pipeline/read-decoder.ts'
import { unsupported } from './pipeline/refuse.ts'
import { readLimits } from './read-limits.ts'
import { resolveSpecialTokens, SPECIAL_ROLES } from './special-tokens.ts'
import { expectKnownIds, readTemplate } from './template.ts'
import type { Tokenizer } from './tokenizer.ts'

/**
 * What a tokenizer is made from: the parsed files of a tokenizer folder, or the tokens of a BERT vocabulary in the order
 * of their ids. JSON may come from anywhere; its shape is checked.
 */
export type TokenizerSource =
  | {
      readonly tokenizerJson: unknown
      readonly tokenizerConfig?: unknown
      readonly specialTokensMap?: unknown
    }
  | {
      readonly vocabulary: readonly string[]
      /** For Korean `{ do_lower_case: false }`; without it texts are lowered and Hangul is decomposed, as in BERT. */
      readonly tokenizerConfig: unknown
      readonly specialTokensMap?: unknown
    }

const optionalObject = (value: unknown, where: string): JsonObject | null =>
  value === undefined || value === null ? null : asObject(value, where)

const contradictory = (rule: string, received: string): KicError =>
  new KicError<TokenizerErrorCode>(
    'tokenizer/contradictory-config',
    `createTokenizer: ${rule} must agree, received ${received}. Set both to what the model was trained with.`,
  )

const addedTokensOf = (config: JsonObject): { readonly id: number; readonly content: string }[] => {
  const where = 'tokenizer_config.json: added_tokens_decoder'
  return Object.entries(asObject(own(config, 'added_tokens_decoder') ?? {}, where)).map(([id, token]) => ({
    id: asInteger(Number(id), where, 0, 1 << 20),
    content: asString(own(asObject(token, where), 'content'), `${where}.content`),
  }))
}

// transformers lets tokenizer_config.json win over tokenizer.json, the Rust crate does not read it.
const expectAgreement = (config: JsonObject, json: ParsedTokenizerJson): void => {
  const { normalizer, preTokenizer } = json
  const lowered = normalizer === null ? undefined : own(normalizer, 'lowercase')
  const configured = own(config, 'do_lower_case')
  if (typeof lowered === 'boolean' && typeof configured === 'boolean' && lowered !== configured) {
    throw contradictory(
      'do_lower_case of tokenizer_config.json and normalizer.lowercase of tokenizer.json',
      `${configured} and ${lowered}`,
    )
  }
  const isByteLevel = preTokenizer !== null && own(preTokenizer, 'type') === 'ByteLevel'
  const prefixed = isByteLevel ? own(preTokenizer, 'add_prefix_space') : undefined
  const wanted = own(config, 'add_prefix_space')
  if (typeof prefixed === 'boolean' && typeof wanted === 'boolean' && prefixed !== wanted) {
    throw contradictory(
      'add_prefix_space of tokenizer_config.json and of pre_tokenizer in tokenizer.json',
      `${wanted} and ${prefixed}`,
    )
  }
  for (const { id, content } of addedTokensOf(config)) {
    const known = json.vocabulary.get(content)
    if (known === id) continue
    throw contradictory(
      `added_tokens_decoder of tokenizer_config.json and the tokens of tokenizer.json`,
      `id ${id} and ${known ?? 'none'} for ${show(content)}`,
    )
  }
  if (own(config, 'split_special_tokens') === true) {
    throw unsupported(
      'tokenizer_config.json: split_special_tokens',
      'false',
      true,
      'Special tokens in a text are always taken as such: set it to false.',
    )
  }
}

/**
 * A tokenizer from the parsed files of a Hugging Face folder, or from a BERT vocabulary. Every part either gives the ids
 * of the Rust crate `tokenizers` or is refused here; the package's README lists them.
 *
 * @throws KicError `tokenizer/bad-json`, `tokenizer/bad-vocabulary`, `tokenizer/missing-special-token`,
 * `tokenizer/contradictory-config`, `tokenizer/unsupported-model` or `tokenizer/unsupported-component`.
 */
export const createTokenizer = (source: TokenizerSource): Tokenizer => {
  const config = optionalObject(source.tokenizerConfig, 'tokenizer_config.json') ?? {}
  const map = optionalObject(source.specialTokensMap, 'special_tokens_map.json')
  const tokenizerJson =
    'vocabulary' in source
      ? bertTokenizerJson(source.vocabulary, config, map)
      : asObject(source.tokenizerJson, 'tokenizer.json')
  const json = parseTokenizerJson(tokenizerJson)
  expectAgreement(config, json)
  const specialTokens = resolveSpecialTokens((token) => json.vocabulary.get(token), config, map)
  const pipeline = readBertPipeline(json)
  const decode = json.decoder === null ? null : readDecoder(json.decoder)
  const tokens = new Map([...json.vocabulary].map(([token, id]) => [id, token]))
  const specialNames = Object.fromEntries(
    SPECIAL_ROLES.map((role) => [`${role}_token`, specialTokens[role].token]),
  )
  return assembleTokenizer({
    encoder: pipeline === null ? createPipelineEncoder(json) : createBertEncoder(pipeline),
    decode: (ids) => {
      const pieces = ids.flatMap((id) => tokens.get(id) ?? [])
      if (pieces.length === 0) return ''
      return decode === null ? pieces.join(' ') : decode(pieces).join('')
    },
    limits: readLimits(tokenizerJson, config, specialTokens),
    template: expectKnownIds(readTemplate(json.postProcessor), (id) => tokens.has(id)),
    specialTokens,
    vocabulary: json.vocabulary,
    otherSpecialIds: json.addedTokens.filter((token) => token.special).map((token) => token.id),
    files: {
      tokenizerJson,
      tokenizerConfig: {
        ...(pipeline === null ? {} : bertTokenizerConfig(pipeline)),
        ...config,
        ...specialNames,
      },
      specialTokensMap: { ...map, ...specialNames },
    },
  })
}
