import type { HostTensor, HostTensors } from '@kic/safetensors'
import { packedBytes, unpackedBytes } from '../bytes/packed-bytes.ts'
import { refusedTensor } from '../bytes/refused-tensor.ts'
import { decodeVarints, encodeVarints } from '../bytes/varints.ts'
import { type ClassPostings, classNumbers } from './class-postings.ts'

/** Postings as tensors: about two bytes a weight, one for the weight and one for the distance of its class from the last one. */
export function* postingTensors(postings: ClassPostings): Generator<[string, HostTensor]> {
  const { offsets, classes, weights, scales, intercepts } = postings
  const counts = new Int32Array(offsets.length - 1)
  const steps = new Int32Array(classes.length)
  for (let feature = 0; feature < counts.length; feature++) {
    const [start, end] = [offsets[feature] ?? 0, offsets[feature + 1] ?? 0]
    counts[feature] = end - start
    for (let at = start; at < end; at++)
      steps[at] = (classes[at] ?? 0) - (at === start ? 0 : (classes[at - 1] ?? 0))
  }
  yield ['postings.counts', packedBytes(encodeVarints(counts))]
  yield ['postings.classes', packedBytes(encodeVarints(steps))]
  yield ['postings.weights', packedBytes(new Uint8Array(weights.buffer, weights.byteOffset, weights.length))]
  yield ['postings.scales', { dtype: 'float32', shape: [scales.length], data: scales }]
  yield ['postings.intercepts', { dtype: 'float32', shape: [intercepts.length], data: intercepts }]
}

/**
 * The same postings again.
 *
 * @param count C, the number of classes
 * @throws KicError `ngram/file`
 */
export const storedPostings = (tensors: HostTensors, features: number, count: number): ClassPostings => {
  const counts = decodeVarints(unpackedBytes(tensors, 'postings.counts'), 'postings.counts')
  if (counts.length !== features) throw refusedTensor('postings.counts', `${features} numbers`, counts.length)
  const bytes = unpackedBytes(tensors, 'postings.weights')
  const steps = decodeVarints(unpackedBytes(tensors, 'postings.classes'), 'postings.classes')
  const total = counts.reduce((sum, own) => sum + own, 0)
  if (steps.length !== total || bytes.length !== total)
    throw refusedTensor(
      'postings.weights',
      `${total} weights and classes`,
      `${bytes.length}, ${steps.length}`,
    )
  const offsets = new Int32Array(features + 1)
  const classes = classNumbers(total, count)
  let at = 0
  for (let feature = 0; feature < features; feature++) {
    const end = at + (counts[feature] ?? 0)
    let label = -1
    for (; at < end; at++) {
      const step = steps[at] ?? 0
      if (label >= 0 && step === 0) throw refusedTensor('postings.classes', 'each class once', label)
      label = Math.max(label, 0) + step
      if (label >= count) throw refusedTensor('postings.classes', `numbers of ${count} classes`, label)
      classes[at] = label
    }
    offsets[feature + 1] = end
  }
  return {
    offsets,
    classes,
    weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    scales: floats(tensors, 'postings.scales', count),
    intercepts: floats(tensors, 'postings.intercepts', count),
  }
}

const floats = (tensors: HostTensors, name: string, count: number): Float32Array => {
  const data = tensors[name]?.data
  if (data instanceof Float32Array && data.length === count && data.every(Number.isFinite)) return data
  throw refusedTensor(name, `${count} numbers`, data?.length ?? 'none')
}
