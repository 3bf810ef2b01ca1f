/** The values in a pickle of weights. Tensors and storages are descriptions of where the values are. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleStorage
  | PickleTensor

export interface PickleTuple {
  readonly kind: 'tuple'
  readonly items: readonly PickleValue[]
}

export interface PickleList {
  readonly kind: 'list'
  readonly items: PickleValue[]
}

/** A dict or an OrderedDict, in the order of insertion; the last of equal keys counts. */
export interface PickleDict {
  readonly kind: 'dict'
  readonly entries: [key: PickleValue, value: PickleValue][]
}

/** The name of a Python object; it is never more than a name. */
export interface PickleGlobal {
  readonly kind: 'global'
  readonly name: string
}

/** Values in the file, under a key. */
export interface PickleStorage {
  readonly kind: 'storage'
  readonly key: string
  /** The name in safetensors, or torch's own name for unsupported types. */
  readonly dtype: string
  /** Bytes per element. */
  readonly bytes: number
  /** Elements under the key. */
  readonly elements: number
  /** First element of this storage, if it is a part of the values under the key. */
  readonly start: number
  /** Elements of this storage. */
  readonly length: number
}

/** A strided view of a storage; offset and strides count elements. */
export interface PickleTensor {
  readonly kind: 'tensor'
  /** That of the storage, otherwise the tensor's own. */
  readonly dtype: string
  readonly storage: PickleStorage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

/** The value, if it is of one of these kinds. */
export const ofKind = <K extends Extract<PickleValue, { kind: string }>['kind']>(
  value: PickleValue | undefined,
  ...kinds: readonly K[]
): Extract<PickleValue, { kind: K }> | undefined =>
  isObject(value) && isOneOf(value, kinds) ? value : undefined

type PickleObject = Extract<PickleValue, { kind: string }>

const isObject = (value: PickleValue | undefined): value is PickleObject =>
  typeof value === 'object' && value !== null && 'kind' in value

const isOneOf = <K extends PickleObject['kind']>(
  value: PickleObject,
  kinds: readonly K[],
): value is Extract<PickleValue, { kind: K }> => kinds.some((kind) => kind === value.kind)

/** The value in a few words, for messages. */
export const describe = (value: PickleValue | undefined): string => {
  if (value === undefined) return 'nothing'
  if (isObject(value)) return value.kind === 'global' ? value.name : `a ${value.kind}`
  if (value instanceof Uint8Array) return `${value.length} bytes`
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value)
}
