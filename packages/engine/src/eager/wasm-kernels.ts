import * as tf from '@tensorflow/tfjs'

/** The sum of rows with equal segment numbers, which the gradient of `tf.gather` needs, by a scatter. */
const unsortedSegmentSum: tf.KernelFunc = ({ inputs, attrs }) => {
  const { x, segmentIds } = inputs
  if (x === undefined || segmentIds === undefined || Array.isArray(x) || Array.isArray(segmentIds)) {
    throw new Error('UnsortedSegmentSum: an input is missing')
  }
  const [values, ids] = [x, segmentIds].map((info) => tf.engine().makeTensorFromTensorInfo(info))
  if (values === undefined || ids === undefined) throw new Error('UnsortedSegmentSum: an input is missing')
  const inner = values.shape.slice(ids.rank)
  const points = ids.reshape([-1, 1])
  const rows = values.reshape([points.shape[0] ?? 0, ...inner])
  return tf.scatterND(points, rows, [Number(attrs?.numSegments), ...inner])
}

/** Adds to the wasm backend the kernels that it lacks and that gradients need. */
export const registerWasmKernels = (): void => {
  if (tf.getKernel('UnsortedSegmentSum', 'wasm') !== undefined) return
  tf.registerKernel({ kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc: unsortedSegmentSum })
}
