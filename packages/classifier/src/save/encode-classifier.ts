import { flatClassification } from '@kic/classification'
import type { FolderFiles } from '@kic/core'
import type { WeightFormat } from '@kic/engine'
import { encodeNotes, type ModelNotes } from '@kic/predictor'
import { encodeOnnx, encodePretrained, type ModelCard, type SequenceClassifier } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { encodeTextFiles, type TextFilesOptions } from './encode-text-files.ts'

export interface TrainedClassifier {
  readonly model: SequenceClassifier
  readonly params: HostTensors
  readonly tokenizer: Tokenizer
}

export interface EncodeClassifierOptions extends TextFilesOptions {
  /** Classification, script and calibration, for `kic.json`. Default: the config's labels, with one level. */
  readonly notes?: ModelNotes | undefined
  /** ONNX files to write; default: none. */
  readonly onnx?: readonly WeightFormat[] | undefined
  readonly card?: ModelCard | undefined
}

/**
 * A classifier as the files of a folder that every tool of KIC, transformers and transformers.js loads: weights, config,
 * tokenizer, text preparation, notes, card, ONNX files.
 *
 * @throws KicError as `encodePretrained` and `encodeOnnx`
 */
export const encodeClassifier = (
  { model, params, tokenizer }: TrainedClassifier,
  { notes = ownLabels(model), onnx = [], card, ...textFiles }: EncodeClassifierOptions = {},
): FolderFiles =>
  new Map([
    ...encodePretrained({ config: model.config, params, head: model.head }, { card }),
    ...encodeTextFiles(tokenizer, textFiles),
    ...encodeNotes(notes),
    ...onnx.flatMap((format) => [...encodeOnnx({ model, params }, { format })]),
  ])

/** The labels of a model's config, on one level. */
export const ownLabels = ({ config }: SequenceClassifier): ModelNotes => ({
  classification: flatClassification(Object.values(config.id2label)),
  script: undefined,
})
