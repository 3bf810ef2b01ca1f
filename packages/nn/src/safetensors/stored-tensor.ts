/** Bytes of one element, by safetensors' name of the type. */
export const STORED_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const

/** The element types that are read from files. */
export type StoredDType = keyof typeof STORED_BYTES

/** What a file says of a tensor before its values are read. */
export interface StoredTensor {
  readonly name: string
  readonly dtype: StoredDType
  readonly shape: readonly number[]
}
