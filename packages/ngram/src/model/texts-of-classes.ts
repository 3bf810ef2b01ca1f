import type { HostTensors } from '@kic/safetensors'
import { refusedTensor } from '../bytes/refused-tensor.ts'

/**
 * How many training texts each class had, [C].
 *
 * @throws KicError `ngram/file`
 */
export const textsOfClasses = (tensors: HostTensors, classes: number): Int32Array => {
  const data = tensors.texts?.data
  if (data instanceof Int32Array && data.length === classes && data.every((count) => count >= 0)) return data
  throw refusedTensor('texts', `a number for each of ${classes} classes`, data?.length ?? 'none')
}
