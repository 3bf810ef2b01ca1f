import type { Explanation, Prediction, PredictorInfo } from '@kic/predictor'
import { proxy, wrap } from 'comlink'
import type { PageModel, VisitorFolder } from './model-source.ts'
import type { Coder } from './predictor-worker.ts'

const worker = wrap<Coder>(new Worker(new URL('./predictor-worker.ts', import.meta.url), { type: 'module' }))

/** `readFiles` of `build/model-files.ts`, filled in by Vite. */
declare const MODEL_FILES: readonly string[]

const pageModel = (): PageModel => ({ url: new URL('model/', document.baseURI).href, paths: MODEL_FILES })

/** Loads a model or ensemble in place of the one before: the visitor's, or the one beside the page. */
export const loadModel = (folder?: VisitorFolder): Promise<PredictorInfo> =>
  worker.load(folder ?? pageModel())

/** @param coverage asks for sets of codes that have the true one so often; for models with guarantees */
export const predictOne = (text: string, coverage: number | undefined): Promise<Prediction> =>
  worker.predict(text, coverage)

/** Explains the answers to texts at a place of the page. Each text ends the explanation of the one before with an error. */
export const explainOne =
  (place: string) =>
  (text: string): Promise<Explanation> =>
    worker.explain(text, place)

/** Predictions of all texts, with sets as of `predictOne`; none when `onProgress` answers that nobody waits for them any more. */
export const predictAll = (
  texts: readonly string[],
  coverage: number | undefined,
  onProgress: (done: number) => boolean,
): Promise<Prediction[]> => worker.predictAll(texts, coverage, proxy(onProgress))
