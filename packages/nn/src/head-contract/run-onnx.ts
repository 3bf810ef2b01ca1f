import { KicError, withoutTelemetry } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { NnErrorCode } from '../error-code.ts'

/**
 * Runs an ONNX model on each batch with ONNX Runtime, without the engine. Integers are fed as int64.
 *
 * @throws KicError `nn/no-onnxruntime`, and errors of ONNX Runtime
 */
export const runOnnx = async (
  model: Uint8Array,
  batches: readonly Readonly<Record<string, HostTensor>>[],
): Promise<HostTensors[]> => {
  withoutTelemetry()
  const { InferenceSession, Tensor } = await import('onnxruntime-node').catch((cause: unknown) => {
    throw new KicError<NnErrorCode>(
      'nn/no-onnxruntime',
      `headContract: the check of exported models must have onnxruntime-node, received an error on loading it: ${cause}. Install it: npm install --save-dev onnxruntime-node.`,
      { cause },
    )
  })
  const session = await InferenceSession.create(model, { logSeverityLevel: 3 })
  try {
    const results: HostTensors[] = []
    for (const batch of batches) {
      const feeds = session.inputNames.map((name) => {
        const tensor = batch[name]
        if (tensor === undefined)
          throw new KicError<NnErrorCode>(
            'nn/head-contract',
            `headContract: every input of the exported model must be given, received no '${name}'. Add it to the batch.`,
          )
        const { data, shape, dtype } = tensor
        return [
          name,
          dtype === 'float32'
            ? new Tensor('float32', Float32Array.from(data), shape)
            : new Tensor('int64', BigInt64Array.from(data, BigInt), shape),
        ] as const
      })
      const outputs = Object.entries(await session.run(Object.fromEntries(feeds)))
      results.push(
        Object.fromEntries(
          outputs.map(([name, { dims, data }]) => [
            name,
            { dtype: 'float32', shape: dims, data: data instanceof Float32Array ? data : new Float32Array() },
          ]),
        ),
      )
    }
    return results
  } finally {
    await session.release()
  }
}
