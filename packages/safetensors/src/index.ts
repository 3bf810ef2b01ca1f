export { decodeTensor, hostDType } from './decode-tensor.ts'
export { encodeSafetensors } from './encode-safetensors.ts'
export type { SafetensorsErrorCode } from './error-code.ts'
export type { DType, HostTensor, HostTensors } from './host-tensor.ts'
export {
  type ReadSafetensorsOptions,
  readSafetensors,
  type SafetensorsFile,
} from './read-safetensors.ts'
export {
  isStoredDType,
  STORED_BYTES,
  type StoredDType,
  type StoredTensor,
  storedDType,
} from './stored-tensor.ts'
