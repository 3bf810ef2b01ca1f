import type { FolderFiles } from '@kic/core'
import { type ExportOptions, exportOnnxFiles, type WeightFormat } from '@kic/engine'
import type { Model } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import { maxTokens, type RobertaConfig } from './config.ts'

export interface EncodeOnnxOptions {
  /** Storage format of the weights. */
  readonly format: WeightFormat
  /**
   * Weights of more bytes get a file of their own, `onnx/model.onnx_data`; default: 2 GiB, the limit of one file.
   * transformers.js 3 reads such models with `use_external_data_format: true`, version 2 does not.
   */
  readonly embedUpTo?: number | undefined
}

/** A classifier to export: config and `logits` of `sequenceClassifier`, or of any classifier over the same inputs. */
export interface OnnxModel {
  readonly model: Pick<Model<RobertaConfig>, 'config' | 'logits'>
  readonly params: HostTensors
}

/** The file names that transformers.js expects, by storage format. */
const FILES: Readonly<Record<WeightFormat, string>> = {
  float32: 'model.onnx',
  float16: 'model_fp16.onnx',
  int8: 'model_quantized.onnx',
}

/**
 * A classifier as ONNX files of a Hugging Face folder: `onnx/model.onnx` (float32), `model_quantized.onnx` (int8) or
 * `model_fp16.onnx` (float16), which `pipeline('text-classification', folder)` of transformers.js finds.
 *
 * Their inputs are int64 [batch, sequence], of any sizes: `input_ids`, `attention_mask` and, if the model has more than
 * one token type, `token_type_ids`; their output is `logits`, float32 [batch, C]. `config.json` and the tokenizer's
 * files belong beside them: `encodePretrained`, and `encodeTokenizer` of `@kic/tokenizer`.
 *
 * @returns weights before their model
 * @throws KicError `engine/export-…` if the model cannot be exported
 */
export const encodeOnnx = (
  { model, params }: OnnxModel,
  { format, embedUpTo }: EncodeOnnxOptions,
): FolderFiles => {
  const files = exportOnnxFiles(
    (tensors, feeds, ctx) => ({ logits: model.logits(tensors, feeds, ctx) }),
    params,
    {
      inputs: onnxInputs(model.config),
      limits: { sequence: maxTokens(model.config) },
      name: FILES[format],
      embedUpTo,
    },
    format,
  )
  return new Map(files.map(({ name, content }) => [`onnx/${name}`, content]))
}

const IDS = { dtype: 'int64', shape: ['batch', 'sequence'] } as const

/** Token types are an input only if they can differ: tokenizers of BERT number a second text 1 for any model. */
const onnxInputs = ({ type_vocab_size }: RobertaConfig): ExportOptions['inputs'] => ({
  input_ids: IDS,
  attention_mask: IDS,
  ...(type_vocab_size > 1 ? { token_type_ids: IDS } : {}),
})
