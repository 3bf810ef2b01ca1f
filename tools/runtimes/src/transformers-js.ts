import { fork } from 'node:child_process'
import { KicError } from '@kic/core'
import type { Prediction } from './prediction.ts'

export interface PipelineRequest {
  /** Folder of the model's folder. */
  readonly models: string
  readonly name: string
  /** Whether to take the int8 file, as transformers.js does by default. */
  readonly quantized: boolean
  readonly texts: readonly string[]
}

/**
 * What `pipeline('text-classification')` of `@xenova/transformers` says of texts, tokenizing them itself. It runs in a
 * process of its own, as it brings another release of ONNX Runtime's native library along.
 */
export const transformersPredictions = (request: PipelineRequest): Promise<Prediction[]> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL('./transformers-js-process.ts', import.meta.url), { timeout: 300_000 })
    let predictions: Prediction[] | undefined
    child.on('message', (message: Prediction[]) => {
      predictions = message
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0 && predictions !== undefined) resolve(predictions)
      else
        reject(
          new KicError(
            'runtimes/transformers',
            `@xenova/transformers ended with exit code ${code}, see above`,
          ),
        )
    })
    child.send(request)
  })
