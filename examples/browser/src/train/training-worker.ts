import { type LabelledRow, type TrainedFiles, trainInMemory } from '@kic/classifier/in-memory'
import { contentBytes } from '@kic/core'
import { filesInMemory, loadPredictor, type Prediction, type Predictor } from '@kic/predictor'
import { expose } from 'comlink'
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'
import * as ort from 'onnxruntime-web/webgpu'
import { trainingConfig } from './training-config.ts'
import { trainingEngine } from './training-engine.ts'
import type { TrainingEvent } from './training-event.ts'

// One thread: more need a page that is isolated from other origins, which few servers set up.
ort.env.wasm.numThreads = 1
ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, self.location.href).href }

let trained: { readonly files: TrainedFiles['files']; readonly predictor: Predictor } | undefined
let running: AbortController | undefined

/** Lets messages in, such as that of the stop button: ONNX Runtime's promises alone never give way to them. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** Trains a model away from the thread that draws the page. */
const trainer = {
  async train(
    rows: readonly LabelledRow[],
    epochs: number,
    tell: (event: TrainingEvent) => void,
  ): Promise<Omit<TrainedFiles, 'files'>> {
    const controller = new AbortController()
    running = controller
    const { engine, gpu } = await trainingEngine(ort)
    tell({ kind: 'engine', gpu })
    try {
      const { files, ...result } = await trainInMemory(rows, {
        ...trainingConfig(rows.length, epochs),
        engine,
        runtime: ort,
        signal: controller.signal,
        onStage: (stage) => tell({ kind: 'stage', stage }),
        callbacks: [
          {
            onStep: async ({ step, totalSteps, loss, seconds }) => {
              tell({ kind: 'step', step, totalSteps, loss, seconds })
              await nextTurn()
            },
            onEvaluate: ({ epoch, metrics }) =>
              tell({ kind: 'evaluation', epoch, accuracy: metrics.accuracy ?? Number.NaN }),
          },
        ],
      })
      await trained?.predictor.dispose()
      const predictor = await loadPredictor(filesInMemory('the trained model', files), { runtime: ort })
      trained = { files, predictor }
      return result
    } finally {
      engine.dispose()
    }
  },
  /** Ends the training after the current update. What was learned until then is kept. */
  stop: (): void => running?.abort(),
  async predict(text: string): Promise<Prediction> {
    if (trained === undefined) throw new Error('train a model first')
    return trained.predictor.predict(text, { topK: 1 })
  },
  /** The trained model's folder, by paths. */
  files: (): ReadonlyMap<string, Uint8Array<ArrayBuffer>> =>
    new Map(Array.from(trained?.files ?? [], ([path, content]) => [path, contentBytes(content)])),
}

export type Trainer = typeof trainer

expose(trainer)
