import type { StoredDType } from '@kic/nn'
import { refused } from './pickle-error.ts'
import { describe, ofKind, type PickleGlobal, type PickleTensor, type PickleValue } from './pickle-value.ts'

/** Element types of torch's storage classes. */
const STORAGES: ReadonlyMap<string, StoredDType> = new Map([
  ['torch.DoubleStorage', 'F64'],
  ['torch.FloatStorage', 'F32'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
])

/** What stands for calling one of these names: a function of this file, over the arguments that the pickle gives. */
const CALLS: ReadonlyMap<string, (args: readonly PickleValue[]) => PickleValue> = new Map([
  ['collections.OrderedDict', (args) => orderedDict(args)],
  ['torch._utils._rebuild_tensor', (args) => rebuildTensor(args)],
  ['torch._utils._rebuild_tensor_v2', (args) => rebuildTensor(args)],
  ['torch._utils._rebuild_parameter', (args) => rebuildParameter(args)],
])

/**
 * A name that a pickle asks for, if weights need it.
 *
 * @throws KicError `checkpoints/pickle-global`, naming it
 */
export const allowedGlobal = (module: string, name: string): PickleGlobal => {
  const full = `${module}.${name}`
  if (!STORAGES.has(full) && !CALLS.has(full)) {
    throw refused(
      'global',
      `the pickle asks for ${JSON.stringify(full.slice(0, 200))}, which weights do not need. It was refused and nothing was run: do not trust this file. Of a file of your own, save only the state dict: torch.save(model.state_dict(), path).`,
    )
  }
  return { kind: 'global', name: full }
}

/** What calling an allowed name gives. */
export const callGlobal = (callee: PickleValue, args: PickleValue): PickleValue => {
  const name = ofKind(callee, 'global')?.name
  const call = name === undefined ? undefined : CALLS.get(name)
  const tuple = ofKind(args, 'tuple')
  if (call === undefined || tuple === undefined) {
    throw refused('damaged', `${describe(callee)} is called with ${describe(args)}, which makes no weights.`)
  }
  return call(tuple.items)
}

/** Whether the name is that of a storage class, and of which element type. */
export const storageType = (value: PickleValue | undefined): StoredDType | undefined => {
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
  return { kind: 'tensor', storage, offset, shape, strides }
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
