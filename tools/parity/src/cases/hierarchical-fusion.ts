import { join } from 'node:path'
import { type LossFunction, valueAndGradients } from '@kic/engine'
import { hierarchicalFusion, robertaLevel } from '@kic/hierarchical-fusion'
import { crossEntropy } from '@kic/losses'
import { parameter } from '@kic/nn'
import { loadSafetensors } from '@kic/safetensors/node'
import { goldenInputs } from '../golden-inputs.ts'
import type { ParityCase } from '../parity-case.ts'
import { readConfig } from '../read-config.ts'
import { runOnce } from '../run-once.ts'

/** The published fusion model: both encoders' states, logits, loss, and the gradient of all that is not frozen. */
export const fusion: ParityCase = {
  id: '04',
  compute: async (golden, folder, engine) => {
    const config = await readConfig(folder)
    const model = hierarchicalFusion({
      config,
      previous: robertaLevel('previous', await readConfig(join(folder, 'previous'))),
      present: robertaLevel('present', config),
    })
    const { tensors } = await loadSafetensors(join(folder, 'model.safetensors'))
    const trainable = model.parameters.map(({ name }) => name).filter((name) => !model.frozen(name))
    const loss: LossFunction = (params, batch, ctx) => {
      const logits = model.logits(params, batch, ctx)
      return { loss: crossEntropy(logits, parameter(batch, 'labels')), logits }
    }
    return runOnce(engine, tensors, goldenInputs(golden), (params, feeds, ctx) => {
      const { previous, normalized, present } = model.encoder.sequences(params, feeds, ctx, {
        prefix: '',
        positions: 'all',
      })
      return {
        ...valueAndGradients(loss, params, feeds, ctx, trainable),
        previous_last_hidden_state: previous,
        previous_normed: normalized,
        present_last_hidden_state: present,
      }
    })
  },
}
