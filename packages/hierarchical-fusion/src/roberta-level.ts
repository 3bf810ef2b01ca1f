import { type RobertaConfig, robertaEncoder, robertaInputs, robertaParameters } from '@kic/roberta'
import type { LevelEncoder } from './level-encoder.ts'

/**
 * A RoBERTa encoder as a level of a hierarchy. Its feeds are Hugging Face's: `input_ids`, and optionally
 * `attention_mask`, `token_type_ids`, `position_ids`, all int32 [B, S].
 *
 * @param level what reports call it, for example `division`
 * @param config its own; `id2label` names the classes of the level
 */
export const robertaLevel = (level: string, config: RobertaConfig): LevelEncoder => ({
  level,
  hiddenSize: config.hidden_size,
  labels: Object.values(config.id2label),
  vocabularySize: config.vocab_size,
  outputNorm: `encoder.layer.${config.num_hidden_layers - 1}.output.LayerNorm.weight`,
  parameters: (prefix) => robertaParameters(config, { prefix }),
  encode: (params, feeds, ctx, options) => {
    const { lastHiddenState, ngrams } = robertaEncoder(params, robertaInputs(feeds), config, ctx, options)
    return { sequence: lastHiddenState, ngrams }
  },
})
