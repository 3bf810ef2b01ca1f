import { encodeSafetensors, readSafetensors } from '@kic/safetensors'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packedBytes, unpackedBytes } from './packed-bytes.ts'
import { decodeVarints, encodeVarints } from './varints.ts'

it('gives back every number below 2³¹', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1))), (numbers) => {
      expect([...decodeVarints(encodeVarints(numbers), 'x')]).toEqual(numbers)
    }),
  )
  expect([...encodeVarints([0, 127, 128, 300])]).toEqual([0, 127, 0x80, 1, 0xac, 2])
})

it('refuses bytes that are no numbers', () => {
  for (const bytes of [[0x80], [1, 0xff], [0xff, 0xff, 0xff, 0xff, 0x08], [0x80, 0x80, 0x80, 0x80, 0x80, 0]])
    expect(() => decodeVarints(Uint8Array.from(bytes), 'x')).toThrow(
      expect.objectContaining({ code: 'ngram/file' }),
    )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      try {
        for (const number of decodeVarints(bytes, 'x')) expect(number).toBeGreaterThanOrEqual(0)
      } catch (error) {
        expect(error).toMatchObject({ code: 'ngram/file' })
      }
    }),
  )
})

it('gives back bytes through a file', () => {
  for (const length of [0, 1, 3, 4, 5, 1001]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37) % 256)
    const { tensors } = readSafetensors(Buffer.concat([...encodeSafetensors({ x: packedBytes(bytes) })]))
    expect(unpackedBytes(tensors, 'x')).toEqual(bytes)
  }
  const short = { x: { dtype: 'int32', shape: [1], data: Int32Array.of(9) } } as const
  expect(() => unpackedBytes(short, 'x')).toThrow(expect.objectContaining({ code: 'ngram/file' }))
  expect(() => unpackedBytes({}, 'x')).toThrow(/received none/)
})
