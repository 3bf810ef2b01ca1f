import { KicError } from '@kic/core'
import { assembleTokenizer } from './assemble-tokenizer.ts'
import { type BertPipeline, createBertEncoder } from './bert-encoder.ts'
import { bertTokenizerConfig, readBertPipeline } from './bert-pipeline.ts'
import { bertTokenizerJson } from './bert-tokenizer-json.ts'
import { createGenericTokenizer, type EncoderAndDecoder } from './generic-encoder.ts'
import { asBoolean, asObject, asString, type JsonObject, own } from './json-shape.ts'
import { type ParsedTokenizerJson, parseTokenizerJson } from './parse-tokenizer-json.ts'
import { resolveSpecialTokens, SPECIAL_ROLES } from './special-tokens.ts'
import { readTemplate } from './template.ts'
import type { Tokenizer } from './tokenizer.ts'
import { joinWordPieces } from './word-piece-decoder.ts'

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

// transformers lets tokenizer_config.json win over tokenizer.json, the Rust crate does not read it.
const expectAgreement = (config: JsonObject, { normalizer }: ParsedTokenizerJson): void => {
  const lowered = normalizer === null ? undefined : own(normalizer, 'lowercase')
  const configured = own(config, 'do_lower_case')
  if (typeof lowered === 'boolean' && typeof configured === 'boolean' && lowered !== configured) {
    throw new KicError(
      'tokenizer/contradictory-config',
      `createTokenizer: do_lower_case of tokenizer_config.json and normalizer.lowercase of tokenizer.json must agree, ` +
        `received ${configured} and ${lowered}. Set both to what the model was trained with.`,
    )
  }
}

const createBertTokenizer = (json: ParsedTokenizerJson, pipeline: BertPipeline): EncoderAndDecoder => {
  const tokens = new Map([...json.vocabulary].map(([token, id]) => [id, token]))
  const decoder = json.decoder
  const prefix = decoder === null ? null : asString(own(decoder, 'prefix') ?? '##', 'decoder.prefix')
  const cleanUp = decoder === null ? false : asBoolean(own(decoder, 'cleanup'), 'decoder.cleanup', true)
  return {
    encoder: createBertEncoder(pipeline),
    decode: (ids) => {
      const pieces = ids.flatMap((id) => tokens.get(id) ?? [])
      return prefix === null ? pieces.join(' ') : joinWordPieces(pieces, prefix, cleanUp)
    },
  }
}

/**
 * A tokenizer from the parsed files of a Hugging Face folder, or from a BERT vocabulary. BERT's WordPiece runs on this
 * package's own encoder, with the ids of the Rust crate `tokenizers`; everything else on `@huggingface/tokenizers`.
 * `truncation` and `padding` of tokenizer.json are not read: `encodeBatch` has its own.
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
  const { encoder, decode } =
    pipeline === null ? createGenericTokenizer(tokenizerJson, config) : createBertTokenizer(json, pipeline)
  const specialNames = Object.fromEntries(
    SPECIAL_ROLES.map((role) => [`${role}_token`, specialTokens[role].token]),
  )
  return assembleTokenizer({
    encoder,
    decode,
    template: readTemplate(json.postProcessor),
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
