import { KicError } from '@kic/core'
import * as z from 'zod/mini'
import { type ModelFiles, missingBecause } from './model-files.ts'
import { wrongPart } from './wrong-part.ts'

/** What a predictor reads in Hugging Face's file of a model. */
export const CONFIG_FILE = 'config.json'

const count = z.int().check(z.positive())
const schema = z.object({
  id2label: z.record(z.string(), z.string()),
  max_position_embeddings: count,
  pad_token_id: z.optional(z.int()),
  model_type: z.string(),
  kic: z.optional(z.object({ classification: z.optional(z.string()) })),
})

/** What `config.json` says of a classifier. */
export interface ModelConfig {
  /** Names of the classes, by class number. */
  readonly classes: readonly string[]
  /** What the config calls the classification, if anything. */
  readonly classification: string | undefined
  /** The longest row that the model has positions for. */
  readonly positions: number
}

/**
 * Reads the content of a `config.json`.
 *
 * @param json `undefined` where the folder has none
 * @throws KicError `predictor/config`
 */
export const parseConfig = (files: ModelFiles, json: unknown): ModelConfig => {
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    throw new KicError(
      'predictor/config',
      json === undefined
        ? `loadPredictor: ${files.name} holds no ${CONFIG_FILE}${missingBecause(files, [CONFIG_FILE])}; give the folder of a saved model`
        : `loadPredictor: ${CONFIG_FILE} in ${files.name}: ${wrongPart(parsed.error.issues, json)}. Take the file from the model's own folder again.`,
    )
  }
  const { id2label, kic } = parsed.data
  return {
    classes: Array.from({ length: Object.keys(id2label).length }, (_, i) => id2label[i] ?? ''),
    classification: kic?.classification,
    positions: positionsOf(parsed.data),
  }
}

/** RoBERTa numbers positions from behind the padding id; other models from 0. */
const positionsOf = ({
  model_type,
  max_position_embeddings,
  pad_token_id,
}: z.infer<typeof schema>): number =>
  /roberta/.test(model_type) ? max_position_embeddings - (pad_token_id ?? 1) - 1 : max_position_embeddings
