/** What a pickle of weights can hold. Tensors and storages are descriptions: where the values are, not the values. */
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

/** A dict or an OrderedDict, as it was filled: of equal keys the last one counts. */
export interface PickleDict {
  readonly kind: 'dict'
  readonly entries: [key: PickleValue, value: PickleValue][]
}

/** The name of something in Python; only ever a name here. */
export interface PickleGlobal {
  readonly kind: 'global'
  readonly name: string
}

/** Values in the file, under a key. */
export interface PickleStorage {
  readonly kind: 'storage'
  readonly key: string
  /** As safetensors names it; torch's own name where values of it are not read. */
  readonly dtype: string
  /** Of one element. */
  readonly bytes: number
  /** Elements under the key. */
  readonly elements: number
  /** First element of this storage, where it is a part of what is under the key. */
  readonly start: number
  /** Elements of this storage. */
  readonly length: number
}

/** A strided view of a storage; offset and strides count elements. */
export interface PickleTensor {
  readonly kind: 'tensor'
  /** The storage's, or where that has none the tensor's own. */
  readonly dtype: string
  readonly storage: PickleStorage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

/** An object of that kind, if the value is one. */
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
