import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import type { EngineErrorCode } from '../error-code.ts'
import { KernelAttributes } from '../record/translation.ts'
import type { ComposedKernel } from './composed-kernel.ts'
import {
  convolutionFilterGradient,
  depthwiseFilterGradient,
  depthwiseInputGradient,
} from './wasm-convolution-gradients.ts'

/** The sum of rows with equal segment numbers, by a scatter; the gradient of `tf.gather` needs it. */
const unsortedSegmentSum: ComposedKernel = ({ input, attributes }) => {
  const [x, ids] = [input('x'), input('segmentIds')]
  const inner = x.shape.slice(ids.rank)
  const rows = x.reshape([ids.size, ...inner])
  return tf.scatterND(ids.reshape([-1, 1]), rows, [attributes.number('numSegments'), ...inner])
}

const composedKernels: Readonly<Record<string, ComposedKernel>> = {
  UnsortedSegmentSum: unsortedSegmentSum,
  Conv2DBackpropFilter: convolutionFilterGradient,
  DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilterGradient,
}

const kernelFunction =
  (kernel: string, compose: ComposedKernel): tf.KernelFunc =>
  ({ inputs, attrs, backend }) =>
    tf.tidy(() =>
      compose({
        kernel,
        input: (name) => {
          const info = inputs[name]
          if (info === undefined || Array.isArray(info) || !(backend instanceof tf.KernelBackend)) {
            throw new KicError<EngineErrorCode>(
              'engine/internal',
              `${kernel}: every input must be given, received no "${name}". Correct the call.`,
            )
          }
          // The tensor made here is freed with the others; freeing it must not free the data that it shares with the input.
          backend.incRef(info.dataId)
          return tf.engine().makeTensorFromTensorInfo(info)
        },
        attributes: new KernelAttributes(kernel, { ...attrs }),
      }),
    )

/** Adds the kernels that gradients need and the wasm backend lacks. */
export const registerWasmKernels = (): void => {
  for (const [kernelName, compose] of Object.entries(composedKernels)) {
    if (tf.getKernel(kernelName, 'wasm') !== undefined) continue
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: kernelFunction(kernelName, compose) })
  }
}
