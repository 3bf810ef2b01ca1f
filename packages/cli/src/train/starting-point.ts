import { progressLine } from '@kic/core'
import type { RobertaConfig } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { errStream } from '../err-stream.ts'
import type { Io } from '../io.ts'

/** Sizes of a model that begins with nothing. */
export interface FreshSizes {
  readonly hidden: number
  readonly layers: number
  readonly heads: number
  readonly vocabulary: number
  /** Longest row of tokens. */
  readonly maxLength: number
}

/** What a training begins with. */
export interface StartingPoint {
  readonly tokenizer: Tokenizer
  /** With the classes of the new task. */
  readonly config: RobertaConfig
  /** The encoder's parameters; `undefined` where everything is fresh. */
  readonly encoder: HostTensors | undefined
}

/** Small encoders learn sooner from scratch with larger fresh weights than the published 0.02. */
const FRESH_WEIGHTS = 0.06

/**
 * The folder of a saved model, downloaded where its name is one of the Hub.
 *
 * @param from a folder, or an id of the Hub; `undefined` from scratch
 * @throws KicError as `resolveModel` of `@kic/checkpoints`, before anything is computed
 */
export const startingFolder = async (from: string | undefined, io: Io): Promise<string | undefined> => {
  if (from === undefined) return undefined
  const { resolveModel } = await import('@kic/checkpoints/node')
  const progress = progressLine(errStream(io), `download ${from}`, 'MB')
  try {
    return await resolveModel(from, {
      tokenizer: true,
      onProgress: ({ totalReceived }) => progress.update(totalReceived / 1e6),
    })
  } finally {
    progress.end()
  }
}

/**
 * Encoder and tokenizer of a saved model, or with `folder` undefined a fresh encoder and a vocabulary learned from the
 * texts.
 *
 * @param folder as `startingFolder` gives it
 * @param classes names of the classes, in order
 */
export const startingPoint = async (
  folder: string | undefined,
  texts: readonly string[],
  classes: readonly string[],
  sizes: FreshSizes,
): Promise<StartingPoint> => {
  const id2label = Object.fromEntries(classes.entries())
  if (folder !== undefined) {
    const [{ robertaParameters }, { loadPretrained }, { loadTokenizer }] = await Promise.all([
      import('@kic/roberta'),
      import('@kic/roberta/node'),
      import('@kic/tokenizer/node'),
    ])
    const saved = await loadPretrained(folder, {
      parameters: (config) => robertaParameters(config),
      id2label,
    })
    return { tokenizer: await loadTokenizer(folder), config: saved.config, encoder: saved.params }
  }
  const [{ createRobertaConfig }, { createTokenizer, trainWordPiece }] = await Promise.all([
    import('@kic/roberta'),
    import('@kic/tokenizer'),
  ])
  const vocabulary = await trainWordPiece(texts, { vocabSize: sizes.vocabulary })
  const tokenizer = createTokenizer({
    vocabulary,
    // transformers.js pads and truncates by it.
    tokenizerConfig: { do_lower_case: false, model_max_length: sizes.maxLength },
  })
  const { pad, cls, sep } = tokenizer.specialTokens
  const config = createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: sizes.hidden,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    intermediate_size: 4 * sizes.hidden,
    initializer_range: FRESH_WEIGHTS,
    max_position_embeddings: sizes.maxLength + pad.id + 1,
    type_vocab_size: 1,
    pad_token_id: pad.id,
    bos_token_id: cls.id,
    eos_token_id: sep.id,
    id2label,
  })
  return { tokenizer, config, encoder: undefined }
}
