import { savePreparation } from '@kic/data/node'
import { defaultPreparation, type TextPreparation } from '@kic/data/prepare'
import type { WeightFormat } from '@kic/engine'
import type { ModelNotes } from '@kic/predictor'
import { saveNotes } from '@kic/predictor/node'
import type { ModelCard, SequenceClassifier } from '@kic/roberta'
import { saveOnnx, savePretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import { createTokenizer, type Tokenizer } from '@kic/tokenizer'
import { saveTokenizer } from '@kic/tokenizer/node'

export interface TrainedClassifier {
  readonly model: SequenceClassifier
  readonly params: HostTensors
  readonly tokenizer: Tokenizer
}

export interface SaveClassifierOptions {
  /** Classification, script and calibration, for `kic.json`. */
  readonly notes?: ModelNotes | undefined
  /** How its texts were prepared; default: `defaultPreparation`. */
  readonly preparation?: TextPreparation | undefined
  /** The longest row in training, if the model has positions for longer rows. */
  readonly maxLength?: number | undefined
  /** ONNX files to write; default: none. */
  readonly onnx?: readonly WeightFormat[] | undefined
  readonly card?: ModelCard | undefined
  /** Writes more files into the folder. */
  readonly files?: ((folder: string) => Promise<void>) | undefined
}

/**
 * Writes a classifier as a folder that every tool of KIC, transformers and transformers.js loads: weights, config, tokenizer,
 * text preparation, notes, card, ONNX files. Readers see the complete old folder or the complete new one.
 *
 * @throws KicError as `savePretrained` and `saveOnnx`
 */
export const saveClassifier = (
  folder: string,
  { model, params, tokenizer }: TrainedClassifier,
  { notes, preparation = defaultPreparation, maxLength, onnx = [], card, files }: SaveClassifierOptions = {},
): Promise<void> =>
  savePretrained(
    folder,
    { config: model.config, params, head: model.head },
    {
      ...(card && { card }),
      files: async (at) => {
        await saveTokenizer(at, cutTo(tokenizer, maxLength))
        await savePreparation(at, preparation)
        if (notes !== undefined) await saveNotes(at, notes)
        if (onnx.length > 0) await saveOnnx(at, { model, params }, { formats: onnx })
        await files?.(at)
      },
    },
  )

/** The tokenizer, with the longest row written into its files. */
const cutTo = (tokenizer: Tokenizer, maxLength: number | undefined): Tokenizer => {
  const { files } = tokenizer
  if (files === null || maxLength === undefined) return tokenizer
  return createTokenizer({
    ...files,
    tokenizerConfig: { ...files.tokenizerConfig, model_max_length: maxLength },
  })
}
