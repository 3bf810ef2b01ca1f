import { valueAndGradients } from '@kic/engine'
import { accuracyLoss, crossEntropy, errorRate } from '@kic/losses'
import { parameter } from '@kic/nn'
import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { goldenInputs } from '../golden-inputs.ts'
import type { ParityCase } from '../parity-case.ts'
import { runOnce } from '../run-once.ts'

const EPSILON = 1e-7

/** The published accuracy loss on several batches, named `<batch>.<tensor>`: its parts, its gradient, cross-entropy's. */
export const accuracy: ParityCase = {
  id: '06',
  compute: async (golden, _folder, engine) => {
    const actual: Record<string, HostTensor> = {}
    for (const { name } of golden.tensors.filter((tensor) => tensor.name.endsWith('.logits'))) {
      const prefix = name.slice(0, -'logits'.length)
      const { logits, labels } = goldenInputs(golden, prefix)
      if (!logits || !labels) continue
      const outputs = await runOnce(engine, { logits }, { labels }, (params, feeds, ctx) => {
        const known = parameter(feeds, 'labels')
        const gradient = (loss: typeof crossEntropy): tf.Tensor => {
          const results = valueAndGradients((p) => loss(parameter(p, 'logits'), known), params, feeds, ctx, [
            'logits',
          ])
          return parameter(results, 'grad.logits')
        }
        const x = parameter(params, 'logits')
        return {
          predictions: tf.argMax(x, 1),
          value: accuracyLoss(x, known, { epsilon: EPSILON }),
          ce: crossEntropy(x, known),
          error_term: tf.clipByValue(errorRate(x, known), EPSILON, 1 - EPSILON),
          grad_logits: gradient((p, y) => accuracyLoss(p, y, { epsilon: EPSILON })),
          ce_grad_logits: gradient(crossEntropy),
        }
      })
      for (const [output, tensor] of Object.entries(outputs)) actual[prefix + output] = tensor
    }
    return actual
  },
}
