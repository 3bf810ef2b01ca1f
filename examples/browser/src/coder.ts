import type { Prediction, PredictorInfo } from '@kic/predictor'
import { proxy, wrap } from 'comlink'
import type { Coder } from './predictor-worker.ts'

const worker = wrap<Coder>(new Worker(new URL('./predictor-worker.ts', import.meta.url), { type: 'module' }))

/** `modelPath` of `build/model-files.ts`, filled in by Vite. */
declare const MODEL_PATH: string

/** Loads the model or ensemble beside the page. */
export const loadModel = (): Promise<PredictorInfo> => worker.load(new URL(MODEL_PATH, document.baseURI).href)

export const predictOne = (text: string): Promise<Prediction> => worker.predict(text)

/** Predictions of all texts; none when `onProgress` answers that nobody waits for them any more. */
export const predictAll = (
  texts: readonly string[],
  onProgress: (done: number) => boolean,
): Promise<Prediction[]> => worker.predictAll(texts, proxy(onProgress))
