import type { WeightFormat } from '@kic/engine'
import type { ModelNotes } from '@kic/predictor'
import { saveNotes } from '@kic/predictor/node'
import type { ModelCard, SequenceClassifier } from '@kic/roberta'
import { saveOnnx, savePretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { type SaveTextFilesOptions, saveTextFiles } from './save-text-files.ts'

export interface TrainedClassifier {
  readonly model: SequenceClassifier
  readonly params: HostTensors
  readonly tokenizer: Tokenizer
}

export interface SaveClassifierOptions extends SaveTextFilesOptions {
  /** What its classes are, and how far it can be relied on: `kic.json`. */
  readonly notes?: ModelNotes | undefined
  /** ONNX files to write; default: none. */
  readonly onnx?: readonly WeightFormat[] | undefined
  readonly card?: ModelCard | undefined
  /** Writes more files into the folder. */
  readonly files?: ((folder: string) => Promise<void>) | undefined
}

/**
 * Writes a classifier as a folder that every tool of KIC, transformers and transformers.js loads: weights, config, tokenizer,
 * text preparation, notes, card, ONNX files. The folder appears as a whole: readers see the old one or the new one.
 *
 * @throws KicError as `savePretrained` and `saveOnnx`
 */
export const saveClassifier = (
  folder: string,
  { model, params, tokenizer }: TrainedClassifier,
  { notes, onnx = [], card, files, ...textFiles }: SaveClassifierOptions = {},
): Promise<void> =>
  savePretrained(
    folder,
    { config: model.config, params, head: model.head },
    {
      ...(card && { card }),
      files: async (at) => {
        await saveTextFiles(at, tokenizer, textFiles)
        if (notes !== undefined) await saveNotes(at, notes)
        if (onnx.length > 0) await saveOnnx(at, { model, params }, { formats: onnx })
        await files?.(at)
      },
    },
  )
