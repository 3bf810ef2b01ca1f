/** A tensor of a handmade torch file. */
export interface MadeTensor {
  readonly name: string
  readonly key: string
  readonly elements: number
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  /** torch's storage class; default: FloatStorage. */
  readonly storage?: 'FloatStorage' | 'ComplexFloatStorage' | 'QUInt8Storage' | undefined
  /** A type without a storage class, such as `float8_e4m3fn`. */
  readonly untyped?: string | undefined
}

const text = (value: string): number[] => {
  const bytes = [...new TextEncoder().encode(value)]
  return [0x58, bytes.length & 255, bytes.length >> 8, 0, 0, ...bytes]
}
/** LONG1, eight bytes. */
const integer = (value: number): number[] => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true)
  return [0x8a, 8, ...bytes]
}
const tuple = (...items: readonly number[][]): number[] => [0x28, ...items.flat(), 0x74]
const global = (module: string, name: string): number[] => [
  0x63,
  ...new TextEncoder().encode(`${module}\n${name}\n`),
]
const pickle = (...ops: readonly number[][]): number[] => [0x80, 2, ...ops.flat(), 0x2e]

const storageClass = ({ storage = 'FloatStorage', untyped }: MadeTensor): number[] =>
  untyped === undefined ? global('torch', storage) : global('torch.storage', 'UntypedStorage')

/** Like `Tensor._reduce_ex_internal` of torch/_tensor.py. */
const tensor = (made: MadeTensor): number[] => [
  ...global('torch._utils', made.untyped === undefined ? '_rebuild_tensor_v2' : '_rebuild_tensor_v3'),
  ...tuple(
    [
      ...tuple(text('storage'), storageClass(made), text(made.key), text('cpu'), integer(made.elements), [0x4e]),
      0x51,
    ],
    integer(made.offset),
    tuple(...made.shape.map(integer)),
    tuple(...made.strides.map(integer)),
    [0x89],
    [...global('collections', 'OrderedDict'), 0x29, 0x52],
    ...(made.untyped === undefined ? [] : [global('torch', made.untyped)]),
  ),
  0x52,
]

/** The pickle of a state dict. */
export const stateDictPickle = (tensors: readonly MadeTensor[]): number[] =>
  pickle([0x7d, 0x28], ...tensors.map((made) => [...text(made.name), ...tensor(made)]), [0x75])

/** A file in the format before PyTorch 1.6; `values` has the values of each key. */
export const legacyFile = (
  main: readonly number[],
  values: Readonly<Record<string, Float32Array | Uint8Array>> = {},
): Uint8Array => {
  const magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]
  const platform = pickle([0x7d], text('little_endian'), [0x88, 0x73])
  const keys = pickle([0x5d, 0x28], ...Object.keys(values).map(text), [0x65])
  const storages = Object.values(values).flatMap((floats) => {
    const count = new Uint8Array(8)
    new DataView(count.buffer).setBigInt64(0, BigInt(floats.length), true)
    return [...count, ...new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)]
  })
  return Uint8Array.from([...magic, ...pickle([0x4d, 0xe9, 3]), ...platform, ...main, ...keys, ...storages])
}
