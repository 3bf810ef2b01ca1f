import { isKicError, KicError } from '@kic/core'
import type { EngineErrorCode } from '../error-code.ts'

const reasonOf = (cause: unknown): string | undefined =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]

/** What ONNX Runtime says of an adapter, without the place in its sources that it puts before. */
const adapterReason = (cause: unknown): string | undefined => {
  const own = isKicError(cause) ? cause.cause : cause
  return reasonOf(own)?.replace(/^.*(?=Failed to get a WebGPU )/, '')
}

/** The error of a machine without a usable GPU. */
export const noAdapter = (cause: unknown): KicError =>
  new KicError<EngineErrorCode>(
    'engine/unavailable',
    `selectEngine: webgpu must find a GPU and the WebGPU provider of onnxruntime-node, received an error: ${adapterReason(cause)}. ` +
      'The provider is part of the npm package on Linux x64, Windows and macOS. On Linux install libvulkan1 and the ' +
      "GPU's Vulkan driver (`vulkaninfo` lists it); on Windows and macOS update the GPU's driver. Browsers need WebGPU, and " +
      'onnxruntime-web/webgpu as the option runtime. Without a GPU use the engine compiled, on a command line by ' +
      '--engine compiled.',
    { cause },
  )

/** Whether ONNX Runtime failed because the GPU went away: a reset, a driver's update, or too little memory. */
export const isLost = (cause: unknown): boolean => /device\b.{0,20}\blost/i.test(String(cause))

/** The error of a GPU that was lost. Its tensors are gone, and a process does not get it back. */
export const lostDevice = (cause: unknown): KicError =>
  new KicError<EngineErrorCode>(
    'engine/unavailable',
    `run: the GPU must stay available, received an error: ${reasonOf(cause)}. Start the process again and resume from ` +
      "the last checkpoint, with smaller batches if the GPU's memory was full, or with selectEngine('compiled').",
    { cause },
  )
