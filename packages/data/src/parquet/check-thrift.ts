/** The position of the reader in a structure of Thrift's compact protocol. */
interface Place {
  at: number
}

/**
 * Walks a structure in Thrift's compact protocol (thrift-compact-protocol.md), the format of Parquet's metadata. It
 * refuses a list with more elements than bytes left, because decoders allocate the list first.
 *
 * @param start the offset of the structure
 * @throws Error if it is damaged
 */
export const checkThrift = (bytes: Uint8Array, start: number): void => {
  checkStruct(bytes, { at: start }, 0)
}

/** Parquet's own structures are about ten levels deep. */
const DEEPEST = 100

const byteAt = (bytes: Uint8Array, place: Place): number => {
  const byte = bytes[place.at++]
  if (byte === undefined) throw new Error('its metadata are truncated')
  return byte
}

const varint = (bytes: Uint8Array, place: Place): number => {
  let value = 0
  for (let factor = 1; ; factor *= 128) {
    const byte = byteAt(bytes, place)
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value
  }
}

const checkStruct = (bytes: Uint8Array, place: Place, depth: number): void => {
  if (depth > DEEPEST) throw new Error('its metadata are nested too deeply')
  for (;;) {
    const field = byteAt(bytes, place)
    const type = field & 0x0f
    if (type === 0) return
    if (field < 0x10) varint(bytes, place)
    checkElement(bytes, place, type, depth)
  }
}

const checkElement = (bytes: Uint8Array, place: Place, type: number, depth: number): void => {
  if (type === 1 || type === 2) return
  if (type === 3) place.at += 1
  else if (type >= 4 && type <= 6) varint(bytes, place)
  else if (type === 7) place.at += 8
  else if (type === 8) {
    const length = varint(bytes, place)
    place.at += length
  } else if (type === 9) checkList(bytes, place, depth)
  else if (type === 12) checkStruct(bytes, place, depth + 1)
  else throw new Error(`its metadata have a value of the unknown type ${type}`)
}

const checkList = (bytes: Uint8Array, place: Place, depth: number): void => {
  const head = byteAt(bytes, place)
  const type = head & 0x0f
  const size = head >> 4 === 15 ? varint(bytes, place) : head >> 4
  if (size > bytes.length - place.at) throw new Error(`a list in its metadata claims ${size} elements`)
  // Booleans take a byte each in a list, and none in a structure.
  for (let i = 0; i < size; i++) checkElement(bytes, place, type <= 2 ? 3 : type, depth + 1)
}
