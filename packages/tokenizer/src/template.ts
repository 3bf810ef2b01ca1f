import { KicError } from '@kic/core'
import type { TokenizerErrorCode } from './error-code.ts'
import { asArray, asInteger, asObject, asString, type JsonObject, own, shapeError } from './json-shape.ts'
import { partsOf } from './pipeline/parts-of.ts'
import { unsupported } from './pipeline/refuse.ts'

/** Special tokens, or the place of the first (0) or second (1) text, each with its token type. */
export type TemplatePiece =
  | { readonly ids: readonly number[]; readonly typeId: number }
  | { readonly sequence: 0 | 1; readonly typeId: number }

/** How special tokens surround a single text and a pair of texts. */
export interface Template {
  readonly single: readonly TemplatePiece[]
  readonly pair: readonly TemplatePiece[]
}

const text = (sequence: 0 | 1, typeId: number): TemplatePiece => ({ sequence, typeId })
const PLAIN: Template = { single: [text(0, 0)], pair: [text(0, 0), text(1, 1)] }

/** The number of special tokens that a template adds. */
export const specialCount = (pieces: readonly TemplatePiece[]): number =>
  pieces.reduce((sum, piece) => sum + ('ids' in piece ? piece.ids.length : 0), 0)

const TYPE_LIMIT = 256
const ID_LIMIT = 1 << 20

const readPieces = (value: unknown, where: string, special: JsonObject): TemplatePiece[] =>
  asArray(value, where).map((entry, i) => {
    const at = `${where}[${i}]`
    const piece = asObject(entry, at)
    const sequence = own(piece, 'Sequence')
    const body = asObject(sequence ?? own(piece, 'SpecialToken'), `${at}.SpecialToken`)
    const typeId = asInteger(own(body, 'type_id') ?? 0, `${at}.type_id`, 0, TYPE_LIMIT)
    const id = asString(own(body, 'id'), `${at}.id`)
    if (sequence !== undefined) {
      if (id !== 'A' && id !== 'B') throw shapeError(`${at}.id`, '"A" or "B"', id)
      return text(id === 'A' ? 0 : 1, typeId)
    }
    const token = asObject(own(special, id), `post_processor.special_tokens[${JSON.stringify(id)}]`)
    const ids = asArray(own(token, 'ids'), `special_tokens[${JSON.stringify(id)}].ids`)
    return { ids: ids.map((n) => asInteger(n, `${at}: id`, 0, ID_LIMIT)), typeId }
  })

const expectTexts = (pieces: readonly TemplatePiece[], where: string, expected: string): void => {
  const found = pieces.flatMap((piece) => ('ids' in piece ? [] : piece.sequence === 0 ? 'A' : 'B')).join()
  if (found !== expected) throw shapeError(where, `a template of the texts ${expected}`, found)
}

const readTemplateProcessing = (processor: JsonObject): Template => {
  const special = asObject(own(processor, 'special_tokens') ?? {}, 'post_processor.special_tokens')
  const single = readPieces(own(processor, 'single'), 'post_processor.single', special)
  const pair = readPieces(own(processor, 'pair'), 'post_processor.pair', special)
  expectTexts(single, 'post_processor.single', 'A')
  expectTexts(pair, 'post_processor.pair', 'A,B')
  return { single, pair }
}

const idOfPair = (processor: JsonObject, key: string): number =>
  asInteger(asArray(own(processor, key), `post_processor.${key}`)[1], `post_processor.${key}[1]`, 0, ID_LIMIT)

/**
 * The template of a tokenizer.json's `post_processor`: `TemplateProcessing`, `BertProcessing`, `RobertaProcessing`,
 * `ByteLevel` (which adds nothing), or a `Sequence` of these.
 *
 * @throws KicError `tokenizer/bad-json` or, for another type, `tokenizer/unsupported-component`.
 */
export const readTemplate = (processor: JsonObject | null, where = 'post_processor', depth = 0): Template => {
  if (processor === null) return PLAIN
  const type = own(processor, 'type')
  switch (type) {
    case 'ByteLevel':
      return PLAIN
    case 'TemplateProcessing':
      return readTemplateProcessing(processor)
    case 'BertProcessing':
    case 'RobertaProcessing': {
      const cls = { ids: [idOfPair(processor, 'cls')], typeId: 0 }
      const sep = idOfPair(processor, 'sep')
      const first = [cls, text(0, 0), { ids: [sep], typeId: 0 }]
      return type === 'BertProcessing'
        ? { single: first, pair: [...first, text(1, 1), { ids: [sep], typeId: 1 }] }
        : {
            single: first,
            pair: [...first, { ids: [sep], typeId: 0 }, text(1, 0), { ids: [sep], typeId: 0 }],
          }
    }
    case 'Sequence': {
      const parts = partsOf(processor, 'processors', where, depth, readTemplate)
      const templates = parts.filter((template) => template !== PLAIN)
      if (templates.length <= 1) return templates[0] ?? PLAIN
    }
  }
  throw unsupported(
    where,
    'one of TemplateProcessing, BertProcessing, RobertaProcessing and ByteLevel',
    type,
    'Rewrite it as TemplateProcessing.',
  )
}

/**
 * Returns a template, and refuses ids without a token, because a model has no embedding for them.
 *
 * @throws KicError `tokenizer/bad-vocabulary`
 */
export const expectKnownIds = (template: Template, isKnown: (id: number) => boolean): Template => {
  for (const piece of [...template.single, ...template.pair]) {
    const unknown = 'ids' in piece ? piece.ids.find((id) => !isKnown(id)) : undefined
    if (unknown === undefined) continue
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/bad-vocabulary',
      `createTokenizer: post_processor must add tokens of the vocabulary, but it has none with id ${unknown}. ` +
        'Make the ids agree.',
    )
  }
  return template
}
