import { asBoolean, asCharacter, asInteger, asString, type JsonObject, own } from '../json-shape.ts'
import { decodeWordPieces } from '../word-piece-decoder.ts'
import { bytesOfToken } from './byte-characters.ts'
import { expectBounded } from './expect-bounded.ts'
import { readMetaspace } from './metaspace.ts'
import { partsOf } from './parts-of.ts'
import { readSegmenter } from './read-segmenter.ts'
import { unknownType } from './refuse.ts'

/** Turns tokens into parts of a text, which are joined without anything between them. */
export type Decoder = (tokens: readonly string[]) => readonly string[]

const TYPES = [
  'BPEDecoder',
  'ByteFallback',
  'ByteLevel',
  'Fuse',
  'Metaspace',
  'Replace',
  'Sequence',
  'Strip',
  'WordPiece',
] as const

const BYTE_TOKEN = /^<0x(?:[0-9a-f]{2}|\+[0-9a-f])>$/i
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const decodeByteLevel: Decoder = (tokens) => [lenient.decode(Uint8Array.from(tokens.flatMap(bytesOfToken)))]

/** The text of bytes, or one U+FFFD for each of them. */
const textOfBytes = (bytes: readonly number[]): string[] => {
  try {
    return [strict.decode(Uint8Array.from(bytes))]
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    return bytes.map(() => '\ufffd')
  }
}

const decodeByteFallback: Decoder = (tokens) => {
  const parts: string[] = []
  let bytes: number[] = []
  for (const token of tokens) {
    if (BYTE_TOKEN.test(token)) {
      bytes.push(Number.parseInt(token.slice(3, 5), 16))
      continue
    }
    if (bytes.length > 0) parts.push(...textOfBytes(bytes))
    bytes = []
    parts.push(token)
  }
  return bytes.length > 0 ? [...parts, ...textOfBytes(bytes)] : parts
}

const readStrip = (section: JsonObject, where: string): Decoder => {
  const content = asCharacter(own(section, 'content'), `${where}.content`)
  const start = asInteger(own(section, 'start'), `${where}.start`, 0, 1 << 20)
  const stop = asInteger(own(section, 'stop'), `${where}.stop`, 0, 1 << 20)
  return (tokens) =>
    tokens.map((token) => {
      const characters = [...token]
      let from = 0
      while (from < start && characters[from] === content) from++
      let to = characters.length
      while (to > from && characters.length - to < stop && characters[to - 1] === content) to--
      return characters.slice(from, to).join('')
    })
}

const lengthOf = (tokens: readonly string[]): number => tokens.reduce((sum, token) => sum + token.length, 0)

/**
 * The decoder of a tokenizer.json's section, equal to the Rust crate's.
 *
 * @throws KicError `tokenizer/bad-json` or, if the part is unknown or not exact, `tokenizer/unsupported-component`
 */
export const readDecoder = (section: JsonObject, where = 'decoder', depth = 0): Decoder => {
  const type = TYPES.find((known) => known === own(section, 'type'))
  switch (type) {
    case 'BPEDecoder': {
      const suffix = asString(own(section, 'suffix') ?? '</w>', `${where}.suffix`)
      return (tokens) => tokens.map((token, i) => token.replaceAll(suffix, i < tokens.length - 1 ? ' ' : ''))
    }
    case 'ByteFallback':
      return decodeByteFallback
    case 'ByteLevel':
      return decodeByteLevel
    case 'Fuse':
      return (tokens) => [tokens.join('')]
    case 'Metaspace':
      return readMetaspace(section, where).decode
    case 'Replace': {
      const segment = readSegmenter(section, where)
      const content = asString(own(section, 'content'), `${where}.content`)
      return (tokens) =>
        tokens.map((token) =>
          segment(token)
            .map(({ from, to, isMatch }) => (isMatch ? content : token.slice(from, to)))
            .join(''),
        )
    }
    case 'Sequence': {
      const parts = partsOf(section, 'decoders', where, depth, readDecoder)
      return (tokens) =>
        parts.reduce<readonly string[]>((before, decode) => {
          const after = decode(before)
          expectBounded(lengthOf(after), lengthOf(tokens))
          return after
        }, tokens)
    }
    case 'Strip':
      return readStrip(section, where)
    case 'WordPiece': {
      const prefix = asString(own(section, 'prefix') ?? '##', `${where}.prefix`)
      const cleanUp = asBoolean(own(section, 'cleanup'), `${where}.cleanup`, true)
      return (tokens) => decodeWordPieces(tokens, prefix, cleanUp)
    }
  }
  throw unknownType(section, where, TYPES)
}
