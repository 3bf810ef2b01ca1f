import { refusedTensor } from './refused-tensor.ts'

/** Largest number: below 2³¹, so that an Int32Array holds it. */
const MOST_BYTES = 5

/** Numbers from 0 as LEB128: seven bits in each byte, the lowest first, and the top bit where another one follows. */
export const encodeVarints = (numbers: ArrayLike<number>): Uint8Array => {
  let bytes = new Uint8Array(numbers.length + 16)
  let at = 0
  for (let i = 0; i < numbers.length; i++) {
    if (at + MOST_BYTES > bytes.length) {
      const larger = new Uint8Array(2 * bytes.length)
      larger.set(bytes)
      bytes = larger
    }
    let rest = numbers[i] ?? 0
    for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80
    bytes[at++] = rest
  }
  return bytes.slice(0, at)
}

/**
 * The numbers of `encodeVarints`.
 *
 * @param name the tensor's, for the error
 * @throws KicError `ngram/file` for bytes that are none, such as a number of 2³¹ or more
 */
export const decodeVarints = (bytes: Uint8Array, name: string): Int32Array => {
  let count = 0
  for (const byte of bytes) if (byte < 0x80) count++
  const numbers = new Int32Array(count)
  let [at, number, shift] = [0, 0, 0]
  for (const byte of bytes) {
    if (shift > 28 || (shift === 28 && byte > 0x07)) throw refusedTensor(name, 'numbers below 2³¹', 'another')
    number |= (byte & 0x7f) << shift
    if (byte >= 0x80) {
      shift += 7
      continue
    }
    numbers[at++] = number
    number = 0
    shift = 0
  }
  if (shift > 0) throw refusedTensor(name, 'whole numbers', 'part of one')
  return numbers
}
