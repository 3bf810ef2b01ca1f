import { KicError } from '@kic/core'
import { readWordPieceModel } from '../bert-pipeline.ts'
import type { TokenizerErrorCode } from '../error-code.ts'
import { asArray, asBoolean, asInteger, asString, type JsonObject, own, shapeError } from '../json-shape.ts'
import type { ParsedTokenizerJson } from '../parse-tokenizer-json.ts'
import { createWordPieceEncoder } from '../word-piece.ts'
import { createBpe } from './bpe.ts'
import type { Model } from './model.ts'
import { unsupported } from './refuse.ts'
import { createUnigram } from './unigram.ts'
import { unknownText } from './unknown-text.ts'

const optionalText = (model: JsonObject, key: string): string | null => {
  const value = own(model, key)
  return value === undefined || value === null ? null : asString(value, `model.${key}`)
}

const flag = (model: JsonObject, key: string): boolean => asBoolean(own(model, key), `model.${key}`, false)

/** A merge is a pair, or a text of two tokens with a space between them, as before tokenizers 0.20. */
const readMerge = (merge: unknown, where: string): [string, string] => {
  const parts = typeof merge === 'string' ? merge.split(' ') : asArray(merge, where)
  if (parts.length !== 2) throw shapeError(where, 'two tokens', merge)
  return [asString(parts[0], `${where}[0]`), asString(parts[1], `${where}[1]`)]
}

const isVersionLine = (merge: unknown): boolean => typeof merge === 'string' && merge.startsWith('#version')

const readBpe = ({ model, modelVocabulary: vocabulary }: ParsedTokenizerJson): Model => {
  const dropout = own(model, 'dropout') ?? null
  if (dropout !== null && dropout !== 0) {
    throw unsupported('model.dropout', 'null, as it makes ids random', dropout, 'Set it to null.')
  }
  const continuingPrefix = optionalText(model, 'continuing_subword_prefix') ?? ''
  const idOf = (token: string, where: string): number => {
    const id = vocabulary.get(token)
    if (id !== undefined) return id
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/bad-vocabulary',
      `createTokenizer: ${where} must be made of tokens of model.vocab, but it has no ${JSON.stringify(token)}. ` +
        "Take the file from the model's own folder again.",
    )
  }
  const merges = asArray(own(model, 'merges'), 'model.merges')
    .filter((merge) => !isVersionLine(merge))
    .map((merge, i): [number, number, number] => {
      const where = `model.merges[${i}]`
      const [left, right] = readMerge(merge, where)
      if (!right.startsWith(continuingPrefix))
        throw shapeError(where, `a pair whose second token continues`, merge)
      const merged = left + right.slice(continuingPrefix.length)
      return [idOf(left, where), idOf(right, where), idOf(merged, where)]
    })
  return createBpe({
    vocabulary,
    merges,
    unknown: optionalText(model, 'unk_token'),
    continuingPrefix,
    wordSuffix: optionalText(model, 'end_of_word_suffix') ?? '',
    fusesUnknown: flag(model, 'fuse_unk'),
    byteFallback: flag(model, 'byte_fallback'),
    ignoresMerges: flag(model, 'ignore_merges'),
  })
}

const readUnigram = ({ model, modelVocabulary: vocabulary }: ParsedTokenizerJson): Model => {
  const entries = asArray(own(model, 'vocab'), 'model.vocab')
  const scores = Float64Array.from(entries, (entry, i) => {
    const score = asArray(entry, `model.vocab[${i}]`)[1]
    if (typeof score === 'number' && Number.isFinite(score)) return score
    throw shapeError(`model.vocab[${i}][1]`, 'a finite number', score)
  })
  const unknownId = own(model, 'unk_id') ?? null
  return createUnigram({
    vocabulary,
    scores,
    unknownId: unknownId === null ? null : asInteger(unknownId, 'model.unk_id', 0, entries.length),
    byteFallback: flag(model, 'byte_fallback'),
  })
}

const readWordLevel = ({ model, modelVocabulary: vocabulary }: ParsedTokenizerJson): Model => {
  const unknown = asString(own(model, 'unk_token'), 'model.unk_token')
  return (text, word, tokens) => {
    const id = vocabulary.get(text) ?? vocabulary.get(unknown)
    if (id === undefined) throw unknownText(text)
    tokens.push(id, word)
  }
}

const readWordPiece = (json: ParsedTokenizerJson): Model => {
  const encodeWord = createWordPieceEncoder(readWordPieceModel(json))
  let units = new Uint16Array(64)
  return (text, word, tokens) => {
    if (text.length > units.length) units = new Uint16Array(2 * text.length)
    for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i)
    let characters = 0
    for (let at = 0; at < text.length; characters++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
    encodeWord(units, text.length, characters, word, tokens)
  }
}

/**
 * The model of a tokenizer.json; the ids it gives to a word are those of the Rust crate.
 *
 * @throws KicError `tokenizer/bad-json`, `tokenizer/bad-vocabulary`, `tokenizer/missing-special-token`,
 * `tokenizer/unsupported-component`.
 */
export const readModel = (json: ParsedTokenizerJson): Model => {
  switch (json.modelType) {
    case 'BPE':
      return readBpe(json)
    case 'Unigram':
      return readUnigram(json)
    case 'WordLevel':
      return readWordLevel(json)
    case 'WordPiece':
      return readWordPiece(json)
  }
}
