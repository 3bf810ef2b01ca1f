import { join } from 'node:path'
import { defined } from '@kic/core'
import { type Context, type Tensors, valueAndGradients } from '@kic/engine'
import { bilstmHead } from '@kic/heads-bilstm'
import { crossEntropy } from '@kic/losses'
import { lstm, parameter } from '@kic/nn'
import { robertaEncoder, robertaInputs, robertaParameters } from '@kic/roberta'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import { loadSafetensors } from '@kic/safetensors/node'
import type { Tensor } from '@tensorflow/tfjs'
import { goldenInputs } from '../golden-inputs.ts'
import type { ParityCase } from '../parity-case.ts'
import { readConfig } from '../read-config.ts'
import { renamed } from '../renamed.ts'
import { runOnce } from '../run-once.ts'

const PREFIX = 'model.'
const LSTM = { prefix: 'BiLSTM.', bidirectional: true }

/** The published BiLSTM model: logits at several paddings, loss, gradients, and the LSTM alone. */
export const bilstm: ParityCase = {
  id: '05',
  compute: async (golden, folder, engine) => {
    const config = await readConfig(folder)
    const head = bilstmHead({ padding: 'as-published' })
    const { tensors } = await loadSafetensors(join(folder, 'model.safetensors'))
    const names = [...robertaParameters(config, { prefix: PREFIX }), ...head.parameters(config)].map(
      ({ name }) => name,
    )
    const encode = (params: Tensors, feeds: Tensors, ctx: Context): Tensor =>
      robertaEncoder(params, robertaInputs(feeds), config, ctx, { prefix: PREFIX }).lastHiddenState
    const classify = (params: Tensors, feeds: Tensors, ctx: Context): Tensor => {
      const features = {
        sequence: encode(params, feeds, ctx),
        attentionMask: parameter(feeds, 'attention_mask'),
      }
      return head.apply(params, features, config, ctx)
    }
    const inputs = goldenInputs(golden)

    const whole = await runOnce(engine, tensors, inputs, (params, feeds, ctx) =>
      valueAndGradients(
        (p, batch) => {
          const logits = classify(p, batch, ctx)
          return { loss: crossEntropy(logits, parameter(batch, 'labels')), logits }
        },
        params,
        feeds,
        ctx,
        names,
      ),
    )
    const parts = await runOnce(engine, tensors, inputs, (params, feeds, ctx) => {
      const sequence = encode(params, feeds, ctx) // [B, S, H]
      const states = lstm(params, sequence, LSTM, ctx).sequence // [B, S, 2H]
      const last = states.slice([0, defined(states.shape[1]) - 1, 0], [-1, 1, -1]).squeeze([1])
      const [forward, backward] = last.split(2, 1)
      return {
        sequence_output: sequence,
        lstm_outputs: states,
        sequence_sum: sequence.sum(1),
        ...(forward && backward ? { lstm_last_summed: forward.add(backward) } : {}),
      }
    })
    const sequence = parts.sequence_output
    const alone = await runOnce(
      engine,
      sequence ? { ...tensors, input: sequence } : tensors,
      inputs,
      (params, feeds, ctx) =>
        valueAndGradients(
          (p, batch) => {
            const states = lstm(p, parameter(p, 'input'), LSTM, ctx).sequence
            return states.mul(parameter(batch, 'full.cotangent')).sum()
          },
          params,
          feeds,
          ctx,
          ['input', ...names.filter((name) => name.startsWith(LSTM.prefix))],
        ),
    )
    const logitsOf = async (feeds: HostTensors): Promise<HostTensors> =>
      runOnce(engine, tensors, feeds, (params, batch, ctx) => ({ logits: classify(params, batch, ctx) }))
    const rows: HostTensor[] = []
    for (const row of singleRows(inputs)) {
      const { logits } = await logitsOf(row)
      if (logits) rows.push(logits)
    }
    return {
      ...whole,
      ...parts,
      ...renamed(alone, (name) => (name === 'loss' ? 'full.value' : `full${name}`)),
      ...renamed(await logitsOf(goldenInputs(golden, 'pad5.')), (name) => `pad5.${name}`),
      'unpadded.logits': stacked(rows),
    }
  },
}

/** Each row as a batch of its own, without its padding. */
const singleRows = ({ input_ids: ids, attention_mask: mask }: HostTensors): HostTensors[] => {
  const [count = 0, width = 0] = ids?.shape ?? []
  return Array.from({ length: count }, (_, row) => {
    const begin = row * width
    const length = [...(mask?.data.slice(begin, begin + width) ?? [])].filter((counts) => counts === 1).length
    const shape = [1, length]
    const cut = (tensor: HostTensor | undefined): HostTensor => ({
      dtype: 'int32',
      shape,
      data: Int32Array.from(tensor?.data.slice(begin, begin + length) ?? []),
    })
    return { input_ids: cut(ids), attention_mask: cut(mask) }
  })
}

/** [1, C] each → [rows, C]. */
const stacked = (rows: readonly HostTensor[]): HostTensor => ({
  dtype: 'float32',
  shape: [rows.length, rows[0]?.shape[1] ?? 0],
  data: Float32Array.from(rows.flatMap(({ data }) => [...data])),
})
