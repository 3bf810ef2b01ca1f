import { KicError } from '@kic/core'
import type { AddedToken } from './added-token-matcher.ts'
import type { TokenizerErrorCode } from './error-code.ts'
import {
  asArray,
  asBoolean,
  asInteger,
  asObject,
  asString,
  type JsonObject,
  own,
  show,
} from './json-shape.ts'

/** Ids are below this: twice the largest vocabulary known, small enough for tables indexed by id. */
const ID_LIMIT = 1 << 20
const ADDED_LIMIT = 1 << 14

/** The parts of a tokenizer.json that are the same for every model. */
export interface ParsedTokenizerJson {
  readonly modelType: 'WordPiece' | 'BPE' | 'Unigram' | 'WordLevel'
  readonly model: JsonObject
  /** Ids by token, of the model only. */
  readonly modelVocabulary: ReadonlyMap<string, number>
  /** Ids by token, including added ones. */
  readonly vocabulary: ReadonlyMap<string, number>
  readonly addedTokens: readonly AddedToken[]
  /** The remaining sections; `null` where absent. */
  readonly normalizer: JsonObject | null
  readonly preTokenizer: JsonObject | null
  readonly postProcessor: JsonObject | null
  readonly decoder: JsonObject | null
}

// Files from before tokenizers 0.10 do not give the type of their model.
const typeOf = (model: JsonObject): unknown => {
  const type = own(model, 'type')
  if (type !== undefined) return type
  if (own(model, 'merges') !== undefined) return 'BPE'
  if (Array.isArray(own(model, 'vocab'))) return 'Unigram'
  return own(model, 'continuing_subword_prefix') === undefined ? undefined : 'WordPiece'
}

const modelTypeOf = (model: JsonObject): ParsedTokenizerJson['modelType'] => {
  const type = typeOf(model)
  if (type === 'WordPiece' || type === 'BPE' || type === 'Unigram' || type === 'WordLevel') return type
  throw new KicError<TokenizerErrorCode>(
    'tokenizer/unsupported-model',
    `createTokenizer: model.type must be WordPiece, BPE, Unigram or WordLevel, received ${show(type)}. ` +
      'Use a tokenizer of one of these types.',
  )
}

const readVocabulary = (modelType: string, model: JsonObject): Map<string, number> => {
  const vocab = own(model, 'vocab')
  const entries: readonly (readonly [string, unknown])[] =
    modelType === 'Unigram'
      ? asArray(vocab, 'model.vocab').map((entry, id) => {
          const where = `model.vocab[${id}]`
          return [asString(asArray(entry, where)[0], `${where}[0]`), id]
        })
      : Object.entries(asObject(vocab, 'model.vocab'))
  if (entries.length === 0 || entries.length > ID_LIMIT) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/bad-vocabulary',
      `createTokenizer: model.vocab must hold 1 to ${ID_LIMIT} tokens, received ${entries.length}. ` +
        "Take the file from the model's own folder again.",
    )
  }
  const vocabulary = new Map<string, number>()
  const owners = new Map<number, string>()
  for (const [token, value] of entries) {
    asString(token, 'a token of model.vocab')
    const id = asInteger(value, `model.vocab[${JSON.stringify(token)}]`, 0, ID_LIMIT)
    const other = owners.get(id)
    if (vocabulary.has(token)) {
      throw new KicError<TokenizerErrorCode>(
        'tokenizer/bad-vocabulary',
        `createTokenizer: every token of model.vocab must be there once, but ${JSON.stringify(token)} has the ids ` +
          `${vocabulary.get(token)} and ${id}. Give one of them another name.`,
      )
    }
    if (other !== undefined) {
      throw new KicError<TokenizerErrorCode>(
        'tokenizer/bad-vocabulary',
        `createTokenizer: every token needs its own id, but ${JSON.stringify(other)} and ${JSON.stringify(token)} ` +
          `both have ${id}. Give one of them another id.`,
      )
    }
    owners.set(id, token)
    vocabulary.set(token, id)
  }
  return vocabulary
}

const readAddedToken = (value: unknown, where: string): AddedToken => {
  const token = asObject(value, where)
  const special = asBoolean(own(token, 'special'), `${where}.special`, false)
  return {
    id: asInteger(own(token, 'id'), `${where}.id`, 0, ID_LIMIT),
    content: asString(own(token, 'content'), `${where}.content`),
    singleWord: asBoolean(own(token, 'single_word'), `${where}.single_word`, false),
    lstrip: asBoolean(own(token, 'lstrip'), `${where}.lstrip`, false),
    rstrip: asBoolean(own(token, 'rstrip'), `${where}.rstrip`, false),
    normalized: asBoolean(own(token, 'normalized'), `${where}.normalized`, !special),
    special,
  }
}

const readAddedTokens = (value: unknown, vocabulary: Map<string, number>): AddedToken[] => {
  const tokens = asArray(value ?? [], 'added_tokens').map((token, i) =>
    readAddedToken(token, `added_tokens[${i}]`),
  )
  if (tokens.length > ADDED_LIMIT) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/bad-vocabulary',
      `createTokenizer: at most ${ADDED_LIMIT} added tokens are supported, received ${tokens.length}. ` +
        'Move them into model.vocab.',
    )
  }
  const owners = new Map([...vocabulary].map(([token, id]) => [id, token]))
  // The Rust crate numbers tokens that the model lacks, regardless of their ids in the file.
  const modelSize = vocabulary.size
  let highest = -1
  for (const { content, id } of tokens) {
    const expected = vocabulary.get(content) ?? Math.max(modelSize, highest + 1)
    highest = Math.max(highest, id)
    const known = vocabulary.get(content)
    const owner = owners.get(id)
    if ((known !== undefined && known !== id) || (owner !== undefined && owner !== content)) {
      throw new KicError<TokenizerErrorCode>(
        'tokenizer/bad-vocabulary',
        `createTokenizer: the added token ${JSON.stringify(content)} has id ${id}, but ` +
          (known !== undefined && known !== id
            ? `model.vocab gives it ${known}.`
            : `that id belongs to ${JSON.stringify(owner)}.`) +
          ' Make the ids agree.',
      )
    }
    if (content === '' || id !== expected) {
      throw new KicError<TokenizerErrorCode>(
        'tokenizer/bad-vocabulary',
        `createTokenizer: added tokens must have a content and ids in the order of the list from ${modelSize} on, ` +
          `received ${JSON.stringify(content)} with id ${id} in place of ${expected}. ` +
          'The Rust library gives it another id than the file says: number the tokens anew, or move them into model.vocab.',
      )
    }
    vocabulary.set(content, id)
    owners.set(id, content)
  }
  return tokens
}

/**
 * Reads a parsed tokenizer.json from outside and checks the shape of everything it uses.
 *
 * @throws KicError `tokenizer/bad-json`, `tokenizer/bad-vocabulary`, `tokenizer/unsupported-model` or, for another
 * version of the format, `tokenizer/unsupported-component`.
 */
export const parseTokenizerJson = (value: unknown): ParsedTokenizerJson => {
  const json = asObject(value, 'tokenizer.json')
  const version = own(json, 'version') ?? '1.0'
  if (version !== '1.0') {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/unsupported-component',
      `createTokenizer: version of tokenizer.json must be 1.0, received ${show(version)}. ` +
        'Save it with tokenizers 0.23 or older.',
    )
  }
  const model = asObject(own(json, 'model'), 'model')
  const modelType = modelTypeOf(model)
  const modelVocabulary = readVocabulary(modelType, model)
  const vocabulary = new Map(modelVocabulary)
  const addedTokens = readAddedTokens(own(json, 'added_tokens'), vocabulary)
  const section = (key: string): JsonObject | null => {
    const part = own(json, key)
    return part === undefined || part === null ? null : asObject(part, key)
  }
  return {
    modelType,
    model,
    modelVocabulary,
    vocabulary,
    addedTokens,
    normalizer: section('normalizer'),
    preTokenizer: section('pre_tokenizer'),
    postProcessor: section('post_processor'),
    decoder: section('decoder'),
  }
}
