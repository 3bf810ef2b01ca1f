/** Where a structure in Thrift's compact protocol ends. */
interface Place {
  at: number
}

/**
 * Walks a structure in Thrift's compact protocol (thrift-compact-protocol.md), as Parquet's metadata are written, and
 * refuses a list that says more elements than there are bytes left: decoders make room for them first.
 *
 * @param start where the structure begins
 * @throws Error where it is damaged
 */
export const checkThrift = (bytes: Uint8Array, start: number): void => {
  checkStruct(bytes, { at: start }, 0)
}

/** Parquet's own structures are about ten deep. */
const DEEPEST = 100

const byteAt = (bytes: Uint8Array, place: Place): number => {
  const byte = bytes[place.at++]
  if (byte === undefined) throw new Error('its metadata are cut short')
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
  else throw new Error(`its metadata hold a value of type ${type}`)
}

const checkList = (bytes: Uint8Array, place: Place, depth: number): void => {
  const head = byteAt(bytes, place)
  const type = head & 0x0f
  const size = head >> 4 === 15 ? varint(bytes, place) : head >> 4
  if (size > bytes.length - place.at) throw new Error(`a list of its metadata says ${size} elements`)
  // Booleans of a list take a byte each, those of a structure none.
  for (let i = 0; i < size; i++) checkElement(bytes, place, type <= 2 ? 3 : type, depth + 1)
}
