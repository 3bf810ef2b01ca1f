import { isKicError } from '@kic/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeSafetensors } from './encode-safetensors.ts'
import type { HostTensors } from './host-tensor.ts'
import { readSafetensors } from './read-safetensors.ts'

const join = (pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces))

/** A file from a header and data, right or wrong. */
const file = (header: unknown, data: Uint8Array | number = 0): Uint8Array => {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true)
  return join([length, text, typeof data === 'number' ? new Uint8Array(data) : data])
}

const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

describe('readSafetensors', () => {
  it('reads the example of the format, of every type', () => {
    const data = join([
      bytesOf(Float32Array.of(1.5, -2)),
      bytesOf(BigInt64Array.of(-1n, 2147483647n, -2147483648n)),
      bytesOf(Int32Array.of(7)),
      bytesOf(Uint16Array.of(0x3c00, 0xfbff)),
      bytesOf(Uint16Array.of(0x3fc0)),
      Uint8Array.of(200, 1, 0),
      Uint8Array.of(255, 128),
      bytesOf(Int16Array.of(-300, 32767)),
      bytesOf(Float64Array.of(0.1, -1e300)),
    ])
    const { tensors, metadata } = readSafetensors(
      file(
        {
          __metadata__: { format: 'pt', 글: '값' },
          f: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
          l: { dtype: 'I64', shape: [3], data_offsets: [8, 32] },
          i: { dtype: 'I32', shape: [], data_offsets: [32, 36] },
          h: { dtype: 'F16', shape: [2], data_offsets: [36, 40] },
          b: { dtype: 'BF16', shape: [1], data_offsets: [40, 42] },
          u: { dtype: 'U8', shape: [1], data_offsets: [42, 43] },
          t: { dtype: 'BOOL', shape: [2], data_offsets: [43, 45] },
          s: { dtype: 'I8', shape: [2], data_offsets: [45, 47] },
          k: { dtype: 'I16', shape: [2], data_offsets: [47, 51] },
          d: { dtype: 'F64', shape: [2], data_offsets: [51, 67] },
          e: { dtype: 'F32', shape: [0, 5], data_offsets: [67, 67] },
        },
        data,
      ),
    )
    expect(metadata).toEqual({ format: 'pt', 글: '값' })
    expect(tensors).toEqual({
      f: { dtype: 'float32', shape: [1, 2], data: Float32Array.of(1.5, -2) },
      l: { dtype: 'int32', shape: [3], data: Int32Array.of(-1, 2147483647, -2147483648) },
      i: { dtype: 'int32', shape: [], data: Int32Array.of(7) },
      h: { dtype: 'float32', shape: [2], data: Float32Array.of(1, -65504) },
      b: { dtype: 'float32', shape: [1], data: Float32Array.of(1.5) },
      u: { dtype: 'int32', shape: [1], data: Int32Array.of(200) },
      t: { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
      s: { dtype: 'int32', shape: [2], data: Int32Array.of(-1, -128) },
      k: { dtype: 'int32', shape: [2], data: Int32Array.of(-300, 32767) },
      d: { dtype: 'float32', shape: [2], data: Float32Array.of(Math.fround(0.1), Number.NEGATIVE_INFINITY) },
      e: { dtype: 'float32', shape: [0, 5], data: new Float32Array() },
    })
  })

  it('copies nothing where the data are aligned', () => {
    const bytes = join(
      encodeSafetensors({ w: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } }),
    )
    expect(readSafetensors(bytes).tensors.w?.data.buffer).toBe(bytes.buffer)
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    const { w } = readSafetensors(shifted.subarray(1)).tensors
    expect(w?.data).toEqual(Float32Array.of(1, 2))
    expect(w?.data.buffer).not.toBe(shifted.buffer)
  })

  const good = { dtype: 'F32', shape: [1], data_offsets: [0, 4] }
  const hostile: [what: string, code: string, bytes: Uint8Array][] = [
    ['nothing', 'truncated', new Uint8Array()],
    ['seven bytes', 'truncated', new Uint8Array(7)],
    ['a header beyond the file', 'header-length', Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d)],
    ['a header of 2^63 bytes', 'header-length', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b, 0x7d)],
    ['no header', 'header', file('')],
    ['a header that is cut', 'header', file('{"a":{"dtype":"F3')],
    [
      'a header that is no UTF-8',
      'header',
      join([Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0), Uint8Array.of(0x22, 0xff, 0x22)]),
    ],
    ['an array', 'header', file([])],
    ['null', 'header', file('null')],
    ['a tensor that is a number', 'header', file({ a: 1 })],
    ['deep nesting', 'header', file('['.repeat(100_000))],
    ['metadata that are no texts', 'header', file({ __metadata__: { a: 1 } })],
    ['__proto__', 'header', file(`{"__proto__":${JSON.stringify(good)}}`, 4)],
    ['__proto__ in the metadata', 'header', file('{"__metadata__":{"__proto__":"x"}}')],
    [
      'a name twice',
      'duplicate',
      file(`{"a":${JSON.stringify(good)},"\\u0061" :${JSON.stringify(good)}}`, 4),
    ],
    [
      'a key of an entry twice',
      'duplicate',
      file('{"a":{"dtype":"F32","dtype":"I32","shape":[1],"data_offsets":[0,4]}}', 4),
    ],
    ['a type that is a number', 'dtype', file({ a: { ...good, dtype: 8 } }, 4)],
    ['a type of no name', 'dtype', file({ a: { ...good, dtype: '' } }, 4)],
    ['a known type that is not read, of other bytes', 'shape', file({ a: { ...good, dtype: 'F8_E5M2' } }, 4)],
    [
      'elements of four bits that end inside a byte',
      'shape',
      file({ a: { ...good, dtype: 'F4', shape: [7] } }, 4),
    ],
    [
      'a type that is not read, outside of the data',
      'offsets',
      file({ a: { ...good, dtype: 'F99', data_offsets: [0, 8] } }, 4),
    ],
    ['a type of the prototype', 'dtype', file({ a: { ...good, dtype: 'toString' } }, 4)],
    ['a negative size', 'shape', file({ a: { ...good, shape: [-1] } }, 4)],
    ['a broken size', 'shape', file({ a: { ...good, shape: [0.5, 2] } }, 4)],
    ['a shape of more bytes than given', 'shape', file({ a: { ...good, shape: [2] } }, 4)],
    ['a product that overflows', 'shape', file({ a: { ...good, shape: [2 ** 40, 2 ** 40, 0] } }, 4)],
    ['offsets backwards', 'offsets', file({ a: { ...good, data_offsets: [4, 0] } }, 4)],
    ['offsets beyond the data', 'offsets', file({ a: { ...good, data_offsets: [4, 8] } }, 4)],
    ['three offsets', 'offsets', file({ a: { ...good, data_offsets: [0, 4, 4] } }, 4)],
    ['overlapping tensors', 'offsets', file({ a: good, b: good }, 4)],
    ['a gap', 'offsets', file({ a: good, b: { ...good, data_offsets: [5, 9] } }, 9)],
    ['data that nobody owns', 'offsets', file({ a: good }, 5)],
    [
      'a boolean of 2',
      'safetensors/tensor-bool',
      file({ a: { dtype: 'BOOL', shape: [1], data_offsets: [0, 1] } }, Uint8Array.of(2)),
    ],
    [
      'a number beyond int32',
      'safetensors/tensor-range',
      file({ a: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, bytesOf(BigInt64Array.of(2147483648n))),
    ],
    [
      'one beyond on the other side',
      'safetensors/tensor-range',
      file(
        { a: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } },
        bytesOf(BigInt64Array.of(-2147483649n)),
      ),
    ],
  ]
  it.each(hostile)('refuses %s', (_, code, bytes) => {
    expect(() => readSafetensors(bytes)).toThrowError(
      expect.objectContaining({ code: code.includes('/') ? code : `safetensors/${code}` }),
    )
  })
})

/** Types of the format whose values are not read, with the bits of an element; the last is none yet. */
const UNREAD: readonly [dtype: string, bits: number][] = [
  ['F4', 4],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
  ['F8_E4M3', 8],
  ['F8_E4M3FNUZ', 8],
  ['F8_E5M2', 8],
  ['F8_E5M2FNUZ', 8],
  ['F8_E8M0', 8],
  ['U16', 16],
  ['U32', 32],
  ['U64', 64],
  ['C64', 64],
  ['Q2_K', 24],
]

describe('a tensor of a type that is not read', () => {
  it.each(UNREAD)('ignores %s unless it is used', (dtype, bits) => {
    const bytes = bits // of eight elements
    const w = { dtype: 'F32', shape: [1], data_offsets: [bytes, bytes + 4] }
    const content = file(
      { x: { dtype, shape: [2, 4], data_offsets: [0, bytes] }, w },
      join([new Uint8Array(bytes), bytesOf(Float32Array.of(7))]),
    )
    expect(readSafetensors(content, { only: (name) => name === 'w' }).tensors).toEqual({
      w: { dtype: 'float32', shape: [1], data: Float32Array.of(7) },
    })
    expect(() => readSafetensors(content)).toThrowError(
      expect.objectContaining({
        code: 'safetensors/tensor-dtype',
        message: expect.stringContaining(`"x" is of ${dtype}`),
      }),
    )
  })
})

const tensor = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
  const size = shape.reduce((product, axis) => product * axis, 1)
  return fc.oneof(
    fc
      .uint32Array({ minLength: size, maxLength: size })
      .map((bits) => ({ dtype: 'float32' as const, shape, data: new Float32Array(bits.buffer) })),
    fc
      .int32Array({ minLength: size, maxLength: size })
      .map((data) => ({ dtype: 'int32' as const, shape, data })),
    fc
      .uint8Array({ minLength: size, maxLength: size, max: 1 })
      .map((data) => ({ dtype: 'bool' as const, shape, data })),
  )
})
const name = fc
  .string({ unit: 'binary', maxLength: 8 })
  .filter((text) => text !== '__proto__' && text !== '__metadata__')
const tensorFile = fc.tuple(
  fc.dictionary(name, tensor, { maxKeys: 5, noNullPrototype: true }),
  fc.dictionary(name, fc.string({ unit: 'binary' }), { maxKeys: 3, noNullPrototype: true }),
)

/** Everything of a file, with numbers as bits so that NaN equals itself. */
const bits = (tensors: HostTensors) =>
  Object.fromEntries(
    Object.entries(tensors).map(([key, { dtype, shape, data }]) => [
      key,
      { dtype, shape, bytes: Buffer.from(bytesOf(data)).toString('hex') },
    ]),
  )

describe('encodeSafetensors', () => {
  it('makes what readSafetensors reads, bit for bit', () => {
    fc.assert(
      fc.property(tensorFile, ([tensors, metadata]) => {
        const bytes = join(encodeSafetensors(tensors, metadata))
        const read = readSafetensors(bytes)
        expect(bits(read.tensors)).toEqual(bits(tensors))
        expect(read.metadata).toEqual(metadata)
        expect(join(encodeSafetensors(read.tensors, read.metadata))).toEqual(bytes)
      }),
    )
  })

  it('hands out the tensors own memory, aligned to eight bytes in the file', () => {
    const data = Float32Array.of(1, 2, 3)
    const [header, piece] = encodeSafetensors({ w: { dtype: 'float32', shape: [3], data } })
    expect(piece?.buffer).toBe(data.buffer)
    expect((header?.length ?? 1) % 8).toBe(0)
  })

  it('refuses reserved names and data that do not fill the shape', () => {
    const data = new Float32Array(2)
    expect(() => encodeSafetensors({ __metadata__: { dtype: 'float32', shape: [2], data } })).toThrowError(
      expect.objectContaining({ code: 'safetensors/name' }),
    )
    expect(() => encodeSafetensors({ a: { dtype: 'float32', shape: [3], data } })).toThrowError(
      expect.objectContaining({ code: 'safetensors/tensor-size' }),
    )
    expect(() => encodeSafetensors({ a: { dtype: 'int32', shape: [2], data } })).toThrowError(
      expect.objectContaining({ code: 'safetensors/tensor-size' }),
    )
  })
})

/** A correct load is one that covers exactly the file's bytes; anything else must be a KicError. */
const loadsOrRefuses = (bytes: Uint8Array): void => {
  try {
    const { tensors } = readSafetensors(bytes)
    for (const { shape, data } of Object.values(tensors)) {
      expect(data.length).toBe(shape.reduce((product, axis) => product * axis, 1))
    }
    expect(Object.getPrototypeOf(tensors)).toBe(Object.prototype)
  } catch (error) {
    if (!isKicError(error)) throw error
    expect(error.code).toMatch(/^safetensors\/(header|offsets|shape|dtype|duplicate|truncated|name|tensor-)/)
  }
}

describe('under fuzzing', () => {
  it('loads or refuses files with changed, added and removed bytes', () => {
    const change = fc.tuple(fc.nat(), fc.nat(2), fc.nat(255))
    fc.assert(
      fc.property(
        tensorFile,
        fc.array(change, { minLength: 1, maxLength: 4 }),
        ([tensors, metadata], changes) => {
          const bytes = [...join(encodeSafetensors(tensors, metadata))]
          for (const [place, kind, byte] of changes)
            bytes.splice(place % bytes.length, kind === 0 ? 0 : 1, ...(kind === 1 ? [] : [byte]))
          loadsOrRefuses(Uint8Array.from(bytes))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('loads or refuses any header', () => {
    const size = fc.oneof(fc.nat(4), fc.maxSafeNat(), fc.double(), fc.constant(-0))
    const entry = fc.record(
      {
        dtype: fc.oneof(
          fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'I32', 'U8', 'BOOL', 'F64', 'F4', 'U32', 'Q2_K'),
          fc.string(),
        ),
        shape: fc.oneof(fc.array(size, { maxLength: 3 }), fc.jsonValue()),
        data_offsets: fc.oneof(fc.array(size, { minLength: 1, maxLength: 3 }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    const header = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), entry),
    )
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 16 }), (json, data) => loadsOrRefuses(file(json, data))),
      { numRuns: 500 },
    )
  })
})
