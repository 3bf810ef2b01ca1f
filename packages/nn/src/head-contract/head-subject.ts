import { createRandom, KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { NnErrorCode } from '../error-code.ts'
import type { Head, HeadConfig } from '../head.ts'
import { initialize } from '../initialize.ts'

/** A small config for tests of heads: H = 4, C = 3. */
export const testHeadConfig: HeadConfig = {
  hidden_size: 4,
  hidden_dropout_prob: 0.1,
  classifier_dropout: null,
  initializer_range: 0.5,
  layer_norm_eps: 1e-5,
  id2label: { 0: 'a', 1: 'b', 2: 'c' },
}

/** A head under test, with everything needed to run it. */
export interface HeadSubject {
  readonly head: Head
  readonly config: HeadConfig
  /** Number of classes. */
  readonly classes: number
  /** Fresh parameters plus noise, so no bias is zero and no LayerNorm is the identity. */
  readonly params: HostTensors
  /** Random hidden states, and masks of rows of these lengths: `sequence` [B, S, H], `attention_mask` [B, S]. */
  batch(lengths: readonly number[], width: number, seed?: number): HeadBatch
  /** The error for a broken promise. */
  broken(what: string): KicError
}

/** A type alias, because an interface is not assignable to `HostTensors`. */
export type HeadBatch = {
  readonly sequence: HostTensor
  readonly attention_mask: HostTensor
}

export const headSubject = (head: Head, config: HeadConfig): HeadSubject => {
  const H = config.hidden_size
  const noise = createRandom('head-contract', 'noise')
  const params = Object.fromEntries(
    Object.entries(initialize(head.parameters(config), 1)).map(([name, tensor]) => [
      name,
      { ...tensor, data: Float32Array.from(tensor.data, (x) => x + 0.2 * noise.normal()) },
    ]),
  )
  return {
    head,
    config,
    classes: Object.keys(config.id2label).length,
    params,
    batch: (lengths, width, seed = 0) => {
      const random = createRandom('head-contract', 'states', seed)
      // The output of an encoder whose head reads only the first position.
      const positions = head.reads === 'first' ? 1 : width
      return {
        sequence: {
          dtype: 'float32',
          shape: [lengths.length, positions, H],
          data: Float32Array.from({ length: lengths.length * positions * H }, () => random.normal()),
        },
        attention_mask: {
          dtype: 'int32',
          shape: [lengths.length, width],
          data: Int32Array.from(
            lengths.flatMap((length) => Array.from({ length: width }, (_, i) => (i < length ? 1 : 0))),
          ),
        },
      }
    },
    broken: (what) =>
      new KicError<NnErrorCode>('nn/head-contract', `headContract: the head '${head.name}' ${what}.`),
  }
}
