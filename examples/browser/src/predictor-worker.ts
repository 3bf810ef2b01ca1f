import { inWindows } from '@kic/core'
import {
  type Explanation,
  loadPredictor,
  type Prediction,
  type Predictor,
  type PredictorInfo,
} from '@kic/predictor'
import { expose } from 'comlink'
import * as ort from 'onnxruntime-web'
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { filesOf, type ModelSource } from './model-source.ts'

// One thread: more need a page that is isolated from other origins, which few servers set up.
ort.env.wasm.numThreads = 1
ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, self.location.href).href }

/** Number of texts between two progress reports. */
const WINDOW = 256

let predictor: Predictor | undefined
/** Running explanations, by their places on the page. */
const explaining = new Map<string, AbortController>()

const loaded = (): Predictor => {
  if (predictor === undefined) throw new Error('load the model first')
  return predictor
}

/** The model or ensemble, away from the thread that draws the page. */
const coder = {
  async load(source: ModelSource): Promise<PredictorInfo> {
    const next = await loadPredictor(filesOf(source), { runtime: ort })
    const last = predictor
    predictor = next
    await last?.dispose()
    return next.info
  },
  predict: (text: string, coverage: number | undefined): Promise<Prediction> =>
    loaded().predict(text, { topK: 5, coverage }),
  explain(text: string, place: string): Promise<Explanation> {
    explaining.get(place)?.abort()
    const controller = new AbortController()
    explaining.set(place, controller)
    return loaded().explain(text, { signal: controller.signal })
  },
  async predictAll(
    texts: readonly string[],
    coverage: number | undefined,
    onProgress: (done: number) => boolean,
  ): Promise<Prediction[]> {
    const predictions: Prediction[] = []
    const answers = loaded().stream(texts, { topK: 5, coverage, window: WINDOW })
    for await (const answered of inWindows(answers, WINDOW)) {
      predictions.push(...answered)
      // The page answers whether to go on.
      if (!(await onProgress(predictions.length))) return []
    }
    return predictions
  },
}

export type Coder = typeof coder

expose(coder)
