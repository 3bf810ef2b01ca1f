import { KicError } from '@kic/core'
import type { SafetensorsErrorCode } from './error-code.ts'

/** Bytes of one element, by safetensors' name of the type: the types whose values are read. */
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

/**
 * Bits of one element of the format's other types: tensors of these may be in a file as long as nobody uses them. Source:
 * `Dtype::bitsize` in safetensors/src/tensor.rs.
 */
export const UNREAD_BITS: Readonly<Record<string, number>> = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F8_E4M3: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2: 8,
  F8_E5M2FNUZ: 8,
  F8_E8M0: 8,
  U16: 16,
  U32: 32,
  U64: 64,
  C64: 64,
}

/** The element types that are read from files. */
export type StoredDType = keyof typeof STORED_BYTES

/** What a file says of a tensor before its values are read. */
export interface StoredTensor {
  readonly name: string
  /** A `StoredDType`, or the file's own name of a type that is not read. */
  readonly dtype: string
  readonly shape: readonly number[]
}

/** Whether values of a type are read. */
export const isStoredDType = (dtype: string): dtype is StoredDType => Object.hasOwn(STORED_BYTES, dtype)

/**
 * The type of a tensor whose values are wanted.
 *
 * @throws KicError `safetensors/tensor-dtype`, naming the type, where values of it are not read
 */
export const storedDType = ({ name, dtype }: Pick<StoredTensor, 'name' | 'dtype'>): StoredDType => {
  if (isStoredDType(dtype)) return dtype
  throw new KicError<SafetensorsErrorCode>(
    'safetensors/tensor-dtype',
    `storedDType: a tensor that is used must be of ${Object.keys(STORED_BYTES).join(', ')}; ${JSON.stringify(name.slice(0, 200))} is of ${dtype}. Convert it, for example to F32.`,
  )
}
