import { type JsonObject, own, shapeError } from '../json-shape.ts'
import { mayHoldClusters, textClusters } from '../unicode/text-clusters.ts'
import type { TextPiece } from './text-piece.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const MAX_LENGTH = 1 << 24
/** Clusters of at least this many bytes are looked up character by character. */
const LONG_CLUSTER = 6

const readBytes = (section: JsonObject, where: string): Uint8Array => {
  const wanted = 'the base 64 of a sentencepiece charsmap'
  const text = own(section, 'precompiled_charsmap')
  if (typeof text !== 'string' || text.length > MAX_LENGTH || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw shapeError(where, wanted, text)
  }
  const binary = atob(text.length % 4 === 0 ? text : '')
  const bytes = Uint8Array.from(binary, (unit) => unit.charCodeAt(0))
  const size = bytes.length < 4 ? 0 : new DataView(bytes.buffer).getUint32(0, true)
  if (size === 0 || size % 4 !== 0 || size > bytes.length - 4) throw shapeError(where, wanted, text)
  return bytes
}

/** The charsmap as a look-up of the replacement of a text's shortest prefix; `null` if it has none. */
const readCharsmap = (section: JsonObject, where: string): ((text: string) => string | null) => {
  const bytes = readBytes(section, where)
  const view = new DataView(bytes.buffer)
  const size = view.getUint32(0, true)
  const texts = bytes.subarray(4 + size)
  try {
    decoder.decode(texts)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw shapeError(where, 'a sentencepiece charsmap whose texts are UTF-8', '…')
  }
  // A double array: a unit's label in its lowest byte, whether it ends a key in bit 8, the way to its children above.
  const unitAt = (index: number): number => (index * 4 < size ? view.getUint32(4 + index * 4, true) : 0)
  const childrenOf = (index: number): number => {
    const unit = unitAt(index)
    return (index ^ ((unit >>> 10) << ((unit & 0x200) >>> 6))) >>> 0
  }
  const textAt = (index: number): string | null => {
    const end = texts.indexOf(0, index)
    if (index > texts.length) return null
    return new TextDecoder().decode(texts.subarray(index, end < 0 ? texts.length : end))
  }
  return (text) => {
    let at = childrenOf(0)
    for (const byte of encoder.encode(text)) {
      if (byte === 0) return null
      const index = (at ^ byte) >>> 0
      const unit = unitAt(index)
      if ((unit & 0x800000ff) !== byte) return null
      at = childrenOf(index)
      if ((unit & 0x100) !== 0) return textAt(unitAt(at) & 0x7fffffff)
    }
    return null
  }
}

/**
 * The normalizer `Precompiled`: sentencepiece's table of characters and their replacements, applied like the Rust
 * crate. A user-perceived character of fewer than six bytes is replaced as a whole if the table has a prefix of it;
 * longer ones are replaced character by character.
 *
 * @throws KicError `tokenizer/bad-json`
 */
export const readPrecompiled = (section: JsonObject, where: string): ((piece: TextPiece) => TextPiece) => {
  const lookUp = readCharsmap(section, where)
  const known = new Map<string, string | null>()
  const replacementOf = (character: string): string | null => {
    let found = known.get(character)
    if (found === undefined) {
      found = lookUp(character)
      known.set(character, found)
    }
    return found
  }
  /** The replacement of a cluster, part by part: the text and the number of characters that it replaces. */
  const partsOf = (cluster: string): (readonly [text: string, replaced: number])[] => {
    const characters = [...cluster]
    if (characters.length > 1 && encoder.encode(cluster).length < LONG_CLUSTER) {
      const whole = lookUp(cluster)
      if (whole !== null) return [[whole, characters.length]]
    }
    return characters.map((character) => [replacementOf(character) ?? character, 1])
  }

  return ({ text, head }) => {
    let result = ''
    let newHead = -1
    for (const cluster of mayHoldClusters(text) ? textClusters(text) : text) {
      for (const [part, replaced] of partsOf(cluster)) {
        // As in the crate, the first output counts as made of the first character, even if that was removed.
        if (newHead < 0 && part !== '')
          newHead = replaced === 1 ? part.length : (part.codePointAt(0) ?? 0) > 0xffff ? 2 : 1
        result += part
      }
    }
    return { text: result, head: head === 0 ? 0 : Math.max(newHead, 0) }
  }
}
