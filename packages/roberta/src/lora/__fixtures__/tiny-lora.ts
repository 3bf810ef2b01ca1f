import { createRandom } from '@kic/core'
import type { Tensors } from '@kic/engine'
import { initialize } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { createRobertaConfig } from '../../config.ts'
import { sequenceClassifier } from '../../sequence-classifier.ts'
import { standardHead } from '../../standard-head.ts'
import { LORA_TARGETS, lora } from '../lora.ts'

export const config = createRobertaConfig({
  vocab_size: 30,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 12,
  max_position_embeddings: 14,
  type_vocab_size: 1,
  num_labels: 5,
  initializer_range: 0.5,
  layer_norm_eps: 1e-5,
})

/** Of every linear layer. */
export const everywhere = lora({ rank: 3, alpha: 5, targets: LORA_TARGETS })

export const plain = sequenceClassifier(config)
export const adapted = sequenceClassifier(config, standardHead, { lora: everywhere })
export const fresh = initialize(adapted.parameters, 3)

const random = createRandom('tiny-lora')
/** Every parameter away from its initial value, B from zero. */
export const moved: HostTensors = Object.fromEntries(
  Object.entries(fresh).map(([name, tensor]) => [
    name,
    { ...tensor, data: Float32Array.from(tensor.data, (x) => x + 0.2 * random.normal()) },
  ]),
)

export const batch: HostTensors = {
  input_ids: { dtype: 'int32', shape: [2, 5], data: Int32Array.of(0, 9, 9, 7, 2, 0, 5, 6, 2, 1) },
  attention_mask: { dtype: 'int32', shape: [2, 5], data: Int32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 0) },
  labels: { dtype: 'int32', shape: [2], data: Int32Array.of(4, 1) },
}

export const onBackend = (tensors: HostTensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { data, shape, dtype }]) => [
      name,
      tf.tensor(data, [...shape], dtype === 'int32' ? 'int32' : 'float32'),
    ]),
  )
