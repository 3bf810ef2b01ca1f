import { join } from 'node:path'
import { positionIds, robertaEncoder, robertaInputs } from '@kic/roberta'
import type { HostTensor } from '@kic/safetensors'
import { loadSafetensors } from '@kic/safetensors/node'
import type { Tensor } from '@tensorflow/tfjs'
import { goldenInputs } from '../golden-inputs.ts'
import type { ParityCase } from '../parity-case.ts'
import { readConfig } from '../read-config.ts'
import { runOnce } from '../run-once.ts'

/** `RobertaModel`: every hidden state and attention map of several inputs, named `<input>.<tensor>`. */
export const encoder: ParityCase = {
  id: '01',
  compute: async (golden, folder, engine) => {
    const config = await readConfig(folder)
    const { tensors: params } = await loadSafetensors(join(folder, 'model.safetensors'))
    const actual: Record<string, HostTensor> = {}
    for (const { name } of golden.tensors.filter((tensor) => tensor.name.endsWith('.input_ids'))) {
      const prefix = name.slice(0, -'input_ids'.length)
      const outputs = await runOnce(engine, params, goldenInputs(golden, prefix), (weights, feeds, ctx) => {
        const inputs = robertaInputs(feeds)
        const options = { prefix: '', hiddenStates: true, attentions: true }
        const { lastHiddenState, hiddenStates, attentions } = robertaEncoder(
          weights,
          inputs,
          config,
          ctx,
          options,
        )
        const named: Record<string, Tensor> = {
          position_ids: positionIds(inputs.inputIds, config.pad_token_id),
          last_hidden_state: lastHiddenState,
        }
        for (const [i, tensor] of hiddenStates.entries()) named[`hidden_states.${i}`] = tensor
        for (const [i, tensor] of attentions.entries()) named[`attentions.${i}`] = tensor
        return named
      })
      for (const [output, tensor] of Object.entries(outputs)) actual[prefix + output] = tensor
    }
    return actual
  },
}
