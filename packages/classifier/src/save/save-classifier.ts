import { saveNotes } from '@kic/predictor/node'
import { saveOnnx, savePretrained } from '@kic/roberta/node'
import { type EncodeClassifierOptions, ownLabels, type TrainedClassifier } from './encode-classifier.ts'
import { saveTextFiles } from './save-text-files.ts'

export interface SaveClassifierOptions extends EncodeClassifierOptions {
  /** Writes more files into the folder. */
  readonly files?: ((folder: string) => Promise<void>) | undefined
}

/**
 * Writes the files of `encodeClassifier`, with one ONNX file in memory at a time. Readers see the complete old folder or the
 * complete new one.
 *
 * @throws KicError as `savePretrained` and `saveOnnx`
 */
export const saveClassifier = (
  folder: string,
  { model, params, tokenizer }: TrainedClassifier,
  { notes = ownLabels(model), onnx = [], card, files, ...textFiles }: SaveClassifierOptions = {},
): Promise<void> =>
  savePretrained(
    folder,
    { config: model.config, params, head: model.head },
    {
      card,
      files: async (at) => {
        await saveTextFiles(at, tokenizer, textFiles)
        await saveNotes(at, notes)
        await saveOnnx(at, { model, params }, { formats: onnx })
        await files?.(at)
      },
    },
  )
