import { KicError } from '@kic/core'
import { isStoredDType, STORED_BYTES, type StoredTensor, storedDType } from '@kic/safetensors'
import type { CheckpointsErrorCode } from '../error-code.ts'
import type { PickleTensor } from '../pickle/pickle-value.ts'

/** A checked view: all of its elements are in its storage, if its type is supported. */
export interface TensorView extends StoredTensor {
  readonly key: string
  /** Bytes under the key. */
  readonly storageBytes: number
  /** First element, counted from the start of the values under the key. */
  readonly offset: number
  readonly strides: readonly number[]
  readonly elements: number
}

/**
 * Checks a tensor of a pickle against its storage.
 *
 * @throws KicError `checkpoints/torch-view`
 */
export const tensorView = (
  name: string,
  { dtype, storage, offset, shape, strides }: PickleTensor,
): TensorView => {
  const elements = shape.reduce((product, size) => product * size, 1)
  const last = shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), offset)
  // An empty tensor reads nothing for any offset, and a tensor of an unsupported type is never read.
  const reads = elements > 0 && isStoredDType(dtype)
  if (!Number.isSafeInteger(elements) || (reads && !(last < storage.length))) {
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/torch-view',
      `openTorch: ${JSON.stringify(name)} is [${shape}] with strides [${strides}] from ${offset}, outside of its storage of ${storage.length} elements. The file is damaged.`,
    )
  }
  return {
    name,
    key: storage.key,
    dtype,
    storageBytes: storage.elements * storage.bytes,
    offset: storage.start + offset,
    shape,
    strides,
    elements,
  }
}

/** A key that is equal for views of the same elements in the same order; such tensors are tied. */
export const viewIdentity = ({ key, dtype, offset, shape, strides }: TensorView): string =>
  JSON.stringify([key, dtype, offset, shape, strides])

/** Whether the elements are contiguous, row by row. */
export const isContiguous = ({ shape, strides, elements }: TensorView): boolean => {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1
    if (size !== 1 && elements > 0 && strides[axis] !== expected) return false
    expected *= size
  }
  return true
}

/**
 * The view's elements row by row. If the view covers the storage, its bytes are returned without a copy; otherwise the
 * elements are copied.
 *
 * @param storage everything under the view's key, at the start of its buffer
 * @throws KicError `safetensors/tensor-dtype` for an unsupported type
 */
export const gatherView = (view: TensorView, storage: Uint8Array): Uint8Array => {
  const size = STORED_BYTES[storedDType(view)]
  if (isContiguous(view)) {
    const from = view.elements === 0 ? 0 : view.offset * size
    const bytes = storage.subarray(from, from + view.elements * size)
    return bytes.length === storage.length ? bytes : bytes.slice()
  }
  const words = size === 8 ? inHalves(view) : view
  const Words = WORDS[size]
  const source = new Words(storage.buffer, storage.byteOffset, storage.length / Words.BYTES_PER_ELEMENT)
  const target = new Words(words.elements)
  copyStrided(words, source, target)
  return new Uint8Array(target.buffer)
}

/** Elements of eight bytes are moved as two words, because some would lose bits as numbers. */
const WORDS: Readonly<Record<1 | 2 | 4 | 8, WordArray>> = {
  1: Uint8Array,
  2: Uint16Array,
  4: Uint32Array,
  8: Uint32Array,
}

type Words = Uint8Array | Uint16Array | Uint32Array

interface WordArray {
  readonly BYTES_PER_ELEMENT: number
  new (length: number): Words
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Words
}

type Strided = Pick<TensorView, 'shape' | 'strides' | 'offset' | 'elements'>

const inHalves = ({ shape, strides, offset, elements }: Strided): Strided => ({
  shape: [...shape, 2],
  strides: [...strides.map((stride) => 2 * stride), 1],
  offset: 2 * offset,
  elements: 2 * elements,
})

/** Counts through all axes but the last like an odometer; the last one is copied in a loop. */
const copyStrided = ({ shape, strides, offset, elements }: Strided, source: Words, target: Words): void => {
  const index = shape.map(() => 0)
  const width = shape.at(-1) ?? 1
  const step = strides.at(-1) ?? 0
  let from = offset
  for (let to = 0; to < elements; ) {
    for (let i = 0; i < width; i++) target[to++] = source[from + i * step] ?? 0
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0
      index[axis] = (index[axis] ?? 0) + 1
      from += stride
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break
      from -= stride * (shape[axis] ?? 0)
      index[axis] = 0
    }
  }
}
