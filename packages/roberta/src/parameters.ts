import { type Initializer, layerNormParameters, linearParameters, type ParamSpec } from '@kic/nn'
import type { RobertaConfig } from './config.ts'
import { ngramParameters } from './ngram-embeddings.ts'

export interface PrefixOptions {
  /** Prefix of the encoder's parameter names; default `roberta.`, as in every task model of transformers. */
  readonly prefix?: string | undefined
}

/** Prefix of the encoder's parameter names in every task model of transformers. */
export const DEFAULT_PREFIX = 'roberta.'

/**
 * The parameters of the encoder, named and ordered as in transformers' state dict (`RobertaModel` without pooler), and
 * initialised as there: N(0, initializer_range), padding rows zero, biases 0, LayerNorm 1 and 0.
 */
export const robertaParameters = (
  config: RobertaConfig,
  { prefix = DEFAULT_PREFIX }: PrefixOptions = {},
): ParamSpec[] => {
  const H = config.hidden_size
  const table = (name: string, rows: number, padded: boolean): ParamSpec => ({
    name: `${prefix}embeddings.${name}.weight`,
    shape: [rows, H],
    init: {
      kind: 'normal',
      std: config.initializer_range,
      zeroRow: padded ? config.pad_token_id : undefined,
    },
  })
  const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) =>
    layerParameters(config, `${prefix}encoder.layer.${layer}.`),
  )
  return [
    table('word_embeddings', config.vocab_size, true),
    table('position_embeddings', config.max_position_embeddings, true),
    table('token_type_embeddings', config.type_vocab_size, false),
    ...ngramParameters(config, prefix),
    ...layerNormParameters(`${prefix}embeddings.LayerNorm`, H),
    ...layers.flat(),
  ]
}

const layerParameters = (config: RobertaConfig, prefix: string): ParamSpec[] => {
  const { hidden_size: H, intermediate_size: I } = config
  const weight: Initializer = { kind: 'normal', std: config.initializer_range }
  return [
    ...linearParameters(`${prefix}attention.self.query`, H, H, weight),
    ...linearParameters(`${prefix}attention.self.key`, H, H, weight),
    ...linearParameters(`${prefix}attention.self.value`, H, H, weight),
    ...linearParameters(`${prefix}attention.output.dense`, H, H, weight),
    ...layerNormParameters(`${prefix}attention.output.LayerNorm`, H),
    ...linearParameters(`${prefix}intermediate.dense`, I, H, weight),
    ...linearParameters(`${prefix}output.dense`, H, I, weight),
    ...layerNormParameters(`${prefix}output.LayerNorm`, H),
  ]
}
