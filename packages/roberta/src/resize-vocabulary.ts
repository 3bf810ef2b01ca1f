import { KicError } from '@kic/core'
import { initialize } from '@kic/nn'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import { parseRobertaConfig, type RobertaConfig } from './config.ts'
import type { RobertaErrorCode } from './error-code.ts'

export interface ResizeVocabularyOptions {
  /**
   * The old token whose values each token of the new vocabulary takes; `undefined` makes it fresh. Default: tokens keep
   * their numbers, and those beyond the old vocabulary are fresh.
   */
  readonly rows?: readonly (number | undefined)[] | undefined
  /** Seed of fresh rows; default 0. */
  readonly seed?: number | undefined
}

const TABLE = 'embeddings.word_embeddings.weight'
const BIAS = 'lm_head.bias'

/**
 * A model for another vocabulary: the table of word embeddings [V, H] and the bias of a masked-LM head [V] get `size`
 * entries. Fresh rows are N(0, initializer_range), a fresh bias is 0, as in transformers' `resize_token_embeddings`.
 *
 * @throws KicError `roberta/vocabulary-rows`, `roberta/vocabulary-size`; `roberta/config` if the padding token is
 *   outside the vocabulary
 */
export const resizeVocabulary = (
  { config, params }: { readonly config: RobertaConfig; readonly params: HostTensors },
  size: number,
  { rows, seed = 0 }: ResizeVocabularyOptions = {},
): { readonly config: RobertaConfig; readonly params: HostTensors } => {
  const V = config.vocab_size
  if (rows && (rows.length !== size || rows.some((row) => row !== undefined && !(row >= 0 && row < V)))) {
    throw new KicError<RobertaErrorCode>(
      'roberta/vocabulary-rows',
      `resizeVocabulary: rows must have an entry for each of ${size} tokens, undefined or from 0 to ${V - 1}, received ${rows.length} entries between ${minimum(rows)} and ${maximum(rows)}. Correct rows.`,
    )
  }
  const resized = parseRobertaConfig({ ...config, vocab_size: size })
  const source = (row: number): number | undefined => (rows ? rows[row] : row < V ? row : undefined)
  const entries = Object.entries(params).map(([name, tensor]) => {
    if (name !== BIAS && name !== TABLE && !name.endsWith(`.${TABLE}`)) return [name, tensor] as const
    return [
      name,
      resizedRows(name, tensor, { from: V, to: size, std: config.initializer_range, seed, source }),
    ] as const
  })
  return { config: resized, params: Object.fromEntries(entries) }
}

interface Resize {
  readonly from: number
  readonly to: number
  readonly std: number
  readonly seed: number
  readonly source: (row: number) => number | undefined
}

const resizedRows = (name: string, old: HostTensor, { from, to, std, seed, source }: Resize): HostTensor => {
  const [rows, ...rest] = old.shape
  if (rows !== from) {
    throw new KicError<RobertaErrorCode>(
      'roberta/vocabulary-size',
      `resizeVocabulary: '${name}' must have ${from} rows, the config's vocabulary, received [${old.shape}]. Use the config that belongs to the weights.`,
    )
  }
  const width = rest.reduce((product, axis) => product * axis, 1)
  const shape = [to, ...rest]
  const init = name === BIAS ? ({ kind: 'constant', value: 0 } as const) : ({ kind: 'normal', std } as const)
  const tensor = initialize([{ name, shape, init }], seed)[name]
  const data = tensor?.data ?? new Float32Array(to * width)
  for (let row = 0; row < to; row++) {
    const at = source(row)
    if (at !== undefined) data.set(old.data.subarray(at * width, (at + 1) * width), row * width)
  }
  return { dtype: 'float32', shape, data }
}

const numbers = (rows: readonly (number | undefined)[]): number[] => rows.flatMap((row) => row ?? [])
const minimum = (rows: readonly (number | undefined)[]): number =>
  numbers(rows).reduce((a, b) => Math.min(a, b), 0)
const maximum = (rows: readonly (number | undefined)[]): number =>
  numbers(rows).reduce((a, b) => Math.max(a, b), 0)
