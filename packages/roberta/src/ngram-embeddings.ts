import { type Context, roundRows, type Tensor, type Tensors } from '@kic/engine'
import { embedding, type ParamSpec, parameter } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import type { RobertaConfig } from './config.ts'
import { type NgramSettings, ngramIds } from './ngram-ids.ts'

/** A prime just below 2^17. */
const DEFAULT_BUCKETS = 131_071
const DEFAULT_DROPOUT = 0.2

const NAME = 'embeddings.ngram_embeddings.weight'

const settingsOf = (config: RobertaConfig): NgramSettings | undefined =>
  config.ngram_sizes && {
    sizes: config.ngram_sizes,
    buckets: config.ngram_buckets ?? DEFAULT_BUCKETS,
    padTokenId: config.pad_token_id,
  }

/** The table of n-grams [T, H], if the config has n-grams. It begins with zeros, and rows without an n-gram keep them. */
export const ngramParameters = (config: RobertaConfig, prefix: string): ParamSpec[] => {
  const settings = settingsOf(config)
  if (settings === undefined) return []
  const shape = [settings.buckets, config.hidden_size]
  return [{ name: prefix + NAME, shape, init: { kind: 'constant', value: 0 } }]
}

/**
 * The sum of the embeddings of the n-grams that begin at each position: ids [B, S] → [B, S, H]; `undefined` without
 * n-grams. Training leaves out whole n-grams.
 */
export const ngramEmbeddings = (
  params: Tensors,
  inputIds: Tensor,
  config: RobertaConfig,
  ctx: Context,
  prefix: string,
): Tensor | undefined => {
  const settings = settingsOf(config)
  if (settings === undefined) return undefined
  return tf.tidy(() => {
    const { rows, present } = ngramIds(inputIds, settings) // [B, S, N]
    const kept = ctx.dropout(present, config.ngram_dropout ?? DEFAULT_DROPOUT)
    const found = embedding(parameter(params, prefix + NAME), rows) // [B, S, N, H]
    return found.mul(kept.expandDims(3)).sum(2)
  })
}

/**
 * The parameters with every table of n-grams rounded so that a float32 model stores it as int8 without loss, in a quarter of the
 * bytes (`roundRows` of `@kic/engine`). Predictions before and after saving are equal if made with these.
 */
export const roundNgramTables = (params: HostTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(params).map(([name, tensor]) => {
      const { data, shape } = tensor
      if (!name.endsWith(NAME) || !(data instanceof Float32Array)) return [name, tensor]
      return [name, { ...tensor, data: roundRows(data, shape.at(-1) ?? 1) }]
    }),
  )

/** The bytes of parameters in a float32 export that stores rounded tables of n-grams as int8 with a scale for each row. */
export const exportedBytes = (params: HostTensors): number =>
  Object.entries(params).reduce((sum, [name, { data, shape }]) => {
    const [rows = 0] = shape
    return sum + (name.endsWith(NAME) ? data.length + SCALE_BYTES * rows : data.byteLength)
  }, 0)

/** Of the scale of a row. */
const SCALE_BYTES = 4
