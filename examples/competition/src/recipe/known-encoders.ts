import { createRobertaConfig, type RobertaConfig } from '@kic/roberta'

/** Sizes of the published encoders, by their id, for estimates before anything is downloaded. */
const SIZES: Readonly<Record<string, { readonly hidden: number; readonly layers: number }>> = {
  'klue/roberta-small': { hidden: 768, layers: 6 },
  'klue/roberta-base': { hidden: 768, layers: 12 },
  'klue/roberta-large': { hidden: 1024, layers: 24 },
}

/** The config of a published encoder, as far as sizes go. */
export const knownEncoder = (id: string): RobertaConfig | undefined => {
  const size = SIZES[id]
  return (
    size &&
    createRobertaConfig({
      hidden_size: size.hidden,
      num_hidden_layers: size.layers,
      num_attention_heads: size.hidden / 64,
      intermediate_size: 4 * size.hidden,
      vocab_size: 32_000,
      max_position_embeddings: 514,
      type_vocab_size: 1,
    })
  )
}
