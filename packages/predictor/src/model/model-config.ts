import { KicError } from '@kic/core'
import * as z from 'zod/mini'
import type { PredictorErrorCode } from '../error-code.ts'
import { type ModelFiles, missingBecause } from './model-files.ts'
import { wrongPart } from './wrong-part.ts'

/** Hugging Face's config of a model. */
export const CONFIG_FILE = 'config.json'

const count = z.int().check(z.positive())
const schema = z.object({
  id2label: z.record(z.string(), z.string()),
  max_position_embeddings: count,
  pad_token_id: z.optional(z.int()),
  model_type: z.string(),
  kic: z.optional(z.object({ classification: z.optional(z.string()) })),
})

/** The part of `config.json` that a predictor uses. */
export interface ModelConfig {
  /** Class names by number. */
  readonly classes: readonly string[]
  /** Name of the classification, if the config has one. */
  readonly classification: string | undefined
  /** The longest row for which the model has positions. */
  readonly positions: number
}

/**
 * Parses a `config.json`.
 *
 * @param json `undefined` if the folder has none
 * @throws KicError `predictor/config`
 */
export const parseConfig = (files: ModelFiles, json: unknown): ModelConfig => {
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    throw new KicError<PredictorErrorCode>(
      'predictor/config',
      json === undefined
        ? `loadPredictor: the folder must have a ${CONFIG_FILE}, received ${files.name} without one${missingBecause(files, [CONFIG_FILE])}. Use the folder of a saved network.`
        : `loadPredictor: ${CONFIG_FILE} in ${files.name}: ${wrongPart(parsed.error.issues, json)}. Copy the file from the original model.`,
    )
  }
  const { id2label, kic } = parsed.data
  return {
    classes: Array.from({ length: Object.keys(id2label).length }, (_, i) => id2label[i] ?? ''),
    classification: kic?.classification,
    positions: positionsOf(parsed.data),
  }
}

/** RoBERTa numbers positions from the one after the padding id, other models from 0. */
const positionsOf = ({
  model_type,
  max_position_embeddings,
  pad_token_id,
}: z.infer<typeof schema>): number =>
  /roberta/.test(model_type) ? max_position_embeddings - (pad_token_id ?? 1) - 1 : max_position_embeddings
