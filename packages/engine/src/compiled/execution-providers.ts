import { KicError } from '@kic/core'
import type { EngineErrorCode } from '../error-code.ts'
import { encodeModel } from '../onnx/encode-model.ts'
import { GraphBuilder } from '../record/graph-builder.ts'
import type { OnnxRuntime } from './onnx-runtime.ts'
import type { SessionOptions } from './program.ts'

/**
 * Makes sure that ONNX Runtime starts with the requested execution providers, such as `['cuda', 'cpu']`.
 *
 * @throws KicError `engine/execution-provider` with ONNX Runtime's reason and the provider's requirements
 */
export const checkExecutionProviders = async (
  runtime: OnnxRuntime,
  session: SessionOptions = {},
): Promise<void> => {
  const { executionProviders } = session
  if (executionProviders === undefined) return
  const graph = new GraphBuilder()
  const x = graph.input('x', 'float32', [1])
  const model = encodeModel(graph.finish([{ name: 'y', value: graph.unary('Neg', x) }]))
  try {
    await (await runtime.InferenceSession.create(model, session)).release()
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
    const asked = JSON.stringify(executionProviders)
    throw new KicError<EngineErrorCode>(
      'engine/execution-provider',
      `selectEngine: ONNX Runtime must start with session.executionProviders ${asked}, received an error: ${reason}. ${needs(asked)}` +
        'Or leave executionProviders out, to compute on the CPU.',
      { cause },
    )
  }
}

const needs = (asked: string): string =>
  /cuda|tensorrt/i.test(asked)
    ? 'CUDA is for Linux x64 with CUDA 12 and cuDNN 9, and its provider is not part of the npm package: ' +
      "onnxruntime-node's install script downloads it (ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node). "
    : 'The available providers depend on the system; see https://onnxruntime.ai/docs/execution-providers. '
