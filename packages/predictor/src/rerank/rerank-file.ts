import { KicError } from '@kic/core'
import * as z from 'zod/mini'
import type { PredictorErrorCode } from '../error-code.ts'
import { wrongPart } from '../model/wrong-part.ts'

/** The file of a model whose best classes a pair model reorders. */
export const RERANK_FILE = 'rerank.json'
/** The folder of the model that finds the candidates. */
export const RETRIEVER_FOLDER = 'retriever'
/** The folder of the pair model. */
export const PAIRS_FOLDER = 'pairs'

/** How a pair model reorders the best classes of another model. */
export interface RerankSettings {
  /** The number of best classes that it reorders. */
  readonly candidates: number
  /** Weight of a pair's log-probability beside the other model's; 0 keeps its order. */
  readonly weight: number
  /** Name of each class in the pairs, by class number of the other model. */
  readonly names: readonly string[]
}

const schema = z.object({
  format: z.literal('kic-rerank'),
  version: z.literal(1),
  candidates: z.int().check(z.positive()),
  weight: z.number().check(z.nonnegative()),
  names: z.array(z.string().check(z.regex(/\S/u))),
})

/** The content of a `rerank.json`, ready for `JSON.stringify`. */
export const rerankJson = ({ candidates, weight, names }: RerankSettings): z.input<typeof schema> => ({
  format: 'kic-rerank',
  version: 1,
  candidates,
  weight,
  names: [...names],
})

/**
 * Parses the content of a `rerank.json`.
 *
 * @param folder its name, for errors
 * @param classes how many classes there are to name
 * @throws KicError `predictor/rerank`
 */
export const parseRerank = (folder: string, json: unknown, classes: number): RerankSettings => {
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw rerankError(folder, wrongPart(parsed.error.issues, json))
  const { candidates, weight, names } = parsed.data
  if (names.length === classes) return { candidates, weight, names }
  throw rerankError(folder, `names must have one for each of ${classes} classes, received ${names.length}`)
}

export const rerankError = (folder: string, rule: string): KicError =>
  new KicError<PredictorErrorCode>(
    'predictor/rerank',
    `loadPredictor: ${RERANK_FILE} in ${folder}: ${rule}. Write the folder with packReranker.`,
  )
