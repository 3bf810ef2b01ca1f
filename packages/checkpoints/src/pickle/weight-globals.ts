import { refused } from './pickle-error.ts'
import { describe, ofKind, type PickleGlobal, type PickleTensor, type PickleValue } from './pickle-value.ts'

/** Element types of a storage. */
export interface ElementType {
  /** The name in safetensors, or torch's own name for unsupported types. */
  readonly dtype: string
  /** Bytes per element. */
  readonly bytes: number
}

/** torch's storage classes. A file may contain tensors of unsupported ones as long as they are not used. */
const STORAGES: ReadonlyMap<string, ElementType> = new Map([
  ['torch.DoubleStorage', { dtype: 'F64', bytes: 8 }],
  ['torch.FloatStorage', { dtype: 'F32', bytes: 4 }],
  ['torch.HalfStorage', { dtype: 'F16', bytes: 2 }],
  ['torch.BFloat16Storage', { dtype: 'BF16', bytes: 2 }],
  ['torch.LongStorage', { dtype: 'I64', bytes: 8 }],
  ['torch.IntStorage', { dtype: 'I32', bytes: 4 }],
  ['torch.ShortStorage', { dtype: 'I16', bytes: 2 }],
  ['torch.CharStorage', { dtype: 'I8', bytes: 1 }],
  ['torch.ByteStorage', { dtype: 'U8', bytes: 1 }],
  ['torch.BoolStorage', { dtype: 'BOOL', bytes: 1 }],
  ['torch.ComplexFloatStorage', { dtype: 'complex64', bytes: 8 }],
  ['torch.ComplexDoubleStorage', { dtype: 'complex128', bytes: 16 }],
  ['torch.QInt8Storage', { dtype: 'qint8', bytes: 1 }],
  ['torch.QUInt8Storage', { dtype: 'quint8', bytes: 1 }],
  ['torch.QInt32Storage', { dtype: 'qint32', bytes: 4 }],
  ['torch.QUInt4x2Storage', { dtype: 'quint4x2', bytes: 1 }],
  ['torch.QUInt2x4Storage', { dtype: 'quint2x4', bytes: 1 }],
  // Bytes; the tensor gives the type of its elements.
  ['torch.storage.UntypedStorage', { dtype: 'untyped', bytes: 1 }],
  ['torch.UntypedStorage', { dtype: 'untyped', bytes: 1 }],
])

/** Names of values rather than functions: element types and quantisation schemes. */
const CONSTANT =
  /^torch\.((q?u?int|float|bfloat|complex|bits)\d\w{0,30}|per_(tensor|channel)_(affine|symmetric|affine_float_qparams))$/

/** Replaces calls of these names: functions of this file on the arguments in the pickle. */
const CALLS: ReadonlyMap<string, (args: readonly PickleValue[]) => PickleValue> = new Map([
  ['collections.OrderedDict', (args) => orderedDict(args)],
  ['torch._utils._rebuild_tensor', (args) => rebuildTensor(args)],
  ['torch._utils._rebuild_tensor_v2', (args) => rebuildTensor(args)],
  ['torch._utils._rebuild_tensor_v3', (args) => rebuildTyped(args)],
  ['torch._utils._rebuild_qtensor', (args) => rebuildTensor(args)],
  ['torch._utils._rebuild_parameter', (args) => rebuildParameter(args)],
])

/**
 * A name that a pickle requests, if weights need it.
 *
 * @throws KicError `checkpoints/pickle-global` with the name
 */
export const allowedGlobal = (module: string, name: string): PickleGlobal => {
  const full = `${module}.${name}`
  if (!STORAGES.has(full) && !CALLS.has(full) && !CONSTANT.test(full)) {
    throw refused(
      'global',
      `the pickle asks for ${JSON.stringify(full.slice(0, 200))}, which weights do not need. It was refused and nothing was run: do not trust this file. Of a file of your own, save only the state dict: torch.save(model.state_dict(), path).`,
    )
  }
  return { kind: 'global', name: full }
}

/** The result of calling an allowed name. */
export const callGlobal = (callee: PickleValue, args: PickleValue): PickleValue => {
  const name = ofKind(callee, 'global')?.name
  const call = name === undefined ? undefined : CALLS.get(name)
  const tuple = ofKind(args, 'tuple')
  if (call === undefined || tuple === undefined) {
    throw refused('damaged', `${describe(callee)} is called with ${describe(args)}, which makes no weights.`)
  }
  return call(tuple.items)
}

/** The element type, if the name is that of a storage class. */
export const storageType = (value: PickleValue | undefined): ElementType | undefined => {
  const name = ofKind(value, 'global')?.name
  return name === undefined ? undefined : STORAGES.get(name)
}

const orderedDict = (args: readonly PickleValue[]): PickleValue => {
  if (args.length > 0)
    throw refused('damaged', `OrderedDict is made from ${args.length} arguments, not none.`)
  return { kind: 'dict', entries: [] }
}

/** `_rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks, …)` of torch/_utils.py. */
const rebuildTensor = ([from, offset, size, stride]: readonly PickleValue[]): PickleTensor => {
  const storage = ofKind(from, 'storage')
  const shape = sizes(size)
  const strides = sizes(stride)
  if (storage === undefined || shape === undefined || strides?.length !== shape.length || !isSize(offset)) {
    throw refused(
      'damaged',
      `a tensor is made from ${[from, offset, size, stride].map(describe).join(', ')}, not from a storage, an offset, sizes and strides.`,
    )
  }
  return { kind: 'tensor', dtype: storage.dtype, storage, offset, shape, strides }
}

/** `_rebuild_tensor_v3(storage, storage_offset, size, stride, requires_grad, backward_hooks, dtype, …)`: types without a storage class of their own. */
const rebuildTyped = (args: readonly PickleValue[]): PickleTensor => {
  const dtype = ofKind(args[6], 'global')?.name
  if (dtype === undefined || !CONSTANT.test(dtype)) {
    throw refused('damaged', `a tensor is made of elements of ${describe(args[6])}, which is no type.`)
  }
  return { ...rebuildTensor(args), dtype: dtype.slice('torch.'.length) }
}

const rebuildParameter = ([data]: readonly PickleValue[]): PickleTensor => {
  const tensor = ofKind(data, 'tensor')
  if (tensor === undefined) throw refused('damaged', `a Parameter is made from ${describe(data)}.`)
  return tensor
}

/** PyTorch's own limit is 64 axes. */
const MAX_AXES = 64

const sizes = (value: PickleValue | undefined): readonly number[] | undefined => {
  const items: readonly PickleValue[] = ofKind(value, 'tuple', 'list')?.items ?? [-1]
  return items.length <= MAX_AXES && items.every(isSize) ? items : undefined
}

export const isSize = (value: PickleValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
