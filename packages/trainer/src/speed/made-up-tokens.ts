import { createRandom } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'

/** Random token ids without padding, `input_ids` and `attention_mask` [B, S]: enough to measure a model's speed. */
export const madeUpTokens = (vocabSize: number, rows: number, length: number): HostTensors => {
  const random = createRandom('speed')
  const size = rows * length
  const shape = [rows, length]
  return {
    input_ids: {
      dtype: 'int32',
      shape,
      data: Int32Array.from({ length: size }, () => random.int(vocabSize)),
    },
    attention_mask: { dtype: 'int32', shape, data: new Int32Array(size).fill(1) },
  }
}
