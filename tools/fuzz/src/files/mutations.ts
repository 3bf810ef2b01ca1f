import fc from 'fast-check'

/** A file with something done to it. */
export type Mutation = (bytes: Uint8Array) => Uint8Array

/** Numbers at which bounds are forgotten. */
const EXTREMES = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0xffffffffn,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
]

const splice = (bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array => {
  const start = bytes.length === 0 ? 0 : at % (bytes.length + 1)
  return new Uint8Array(Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]))
}

const place = fc.nat(0x7fffffff)

/** One change at a random place. `within` limits places to the first bytes, where headers are. */
const change = (within: number): fc.Arbitrary<Mutation> => {
  const at = fc.oneof(place, fc.nat(within))
  return fc.oneof(
    fc.record({ at, byte: fc.nat(255) }).map(
      ({ at: i, byte }): Mutation =>
        (bytes) =>
          splice(bytes, i, 1, Uint8Array.of(byte)),
    ),
    fc.record({ at, insert: fc.uint8Array({ minLength: 1, maxLength: 9 }) }).map(
      ({ at: i, insert }): Mutation =>
        (bytes) =>
          splice(bytes, i, 0, insert),
    ),
    fc.record({ at, remove: fc.integer({ min: 1, max: 64 }) }).map(
      ({ at: i, remove }): Mutation =>
        (bytes) =>
          splice(bytes, i, remove, new Uint8Array()),
    ),
    fc.record({ at, value: fc.constantFrom(...EXTREMES), width: fc.constantFrom(1, 2, 4, 8) }).map(
      ({ at: i, value, width }): Mutation =>
        (bytes) => {
          const word = new Uint8Array(8)
          new DataView(word.buffer).setBigUint64(0, BigInt.asUintN(64, value), true)
          return splice(bytes, i, width, word.slice(0, width))
        },
    ),
    fc.record({ from: at, to: at, length: fc.integer({ min: 1, max: 200 }) }).map(
      ({ from, to, length }): Mutation =>
        (bytes) =>
          splice(bytes, to, 0, bytes.slice(from % (bytes.length + 1), (from % (bytes.length + 1)) + length)),
    ),
    place.map(
      (length): Mutation =>
        (bytes) =>
          bytes.slice(0, length % (bytes.length + 1)),
    ),
  )
}

/** One to four changes, one after the other. */
export const mutation = (within: number): fc.Arbitrary<Mutation> =>
  fc.array(change(within), { minLength: 1, maxLength: 4 }).map(
    (changes): Mutation =>
      (bytes) =>
        changes.reduce((changed, apply) => apply(changed), bytes),
  )
