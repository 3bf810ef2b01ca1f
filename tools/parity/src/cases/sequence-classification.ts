import { join } from 'node:path'
import { type LossFunction, valueAndGradients } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { parameter } from '@kic/nn'
import { sequenceClassifier } from '@kic/roberta'
import { loadSafetensors } from '@kic/safetensors/node'
import { goldenInputs } from '../golden-inputs.ts'
import type { ParityCase } from '../parity-case.ts'
import { readConfig } from '../read-config.ts'
import { runOnce } from '../run-once.ts'

/** `RobertaForSequenceClassification`: logits, loss, and the gradient of every parameter. */
export const sequenceClassification: ParityCase = {
  id: '02',
  compute: async (golden, folder, engine) => {
    const model = sequenceClassifier(await readConfig(folder))
    const { tensors } = await loadSafetensors(join(folder, 'model.safetensors'))
    const names = model.parameters.map(({ name }) => name)
    const loss: LossFunction = (params, batch, ctx) => {
      const logits = model.logits(params, batch, ctx)
      return { loss: crossEntropy(logits, parameter(batch, 'labels')), logits }
    }
    return runOnce(engine, tensors, goldenInputs(golden), (params, feeds, ctx) =>
      valueAndGradients(loss, params, feeds, ctx, names),
    )
  },
}
