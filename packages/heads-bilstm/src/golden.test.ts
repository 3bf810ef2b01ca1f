import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Engine, selectEngine, type Tensors, valueAndGradients } from '@kic/engine'
import { type HeadConfig, matchParameters, parameter } from '@kic/nn'
import { compareTensor, loadGoldenCase } from '@kic/nn/testing'
import { loadSafetensors } from '@kic/safetensors/node'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { bilstmHead } from './bilstm-head.ts'

const folder = fileURLToPath(new URL('./__fixtures__/05-bilstm-head/', import.meta.url))

it.each(['cpu', 'compiled'] as const)(
  'equals the published PyTorch module in logits, loss and every gradient, on the %s engine',
  async (name) => {
    const golden = await loadGoldenCase(folder)
    const config: HeadConfig = JSON.parse(await readFile(`${folder}config.json`, 'utf8'))
    const head = bilstmHead({ padding: 'as-published' })
    const { tensors } = await loadSafetensors(`${folder}model.safetensors`)
    const { params, missing } = matchParameters(head.parameters(config), tensors)
    expect(missing).toEqual([])
    expect(Object.keys(params)).toEqual(Object.keys(tensors).filter((key) => !/^(roberta|model)\./.test(key)))

    const { sequence_output, attention_mask, labels } = golden.values
    if (!sequence_output || !attention_mask || !labels) throw new Error('the case lacks its inputs')
    const loss = (weights: Tensors, batch: Tensors, ctx: Parameters<typeof head.apply>[3]) => {
      const features = {
        sequence: parameter(batch, 'sequence_output'),
        attentionMask: parameter(batch, 'attention_mask'),
      }
      const logits = head.apply(weights, features, config, ctx)
      const oneHot = tf.oneHot(parameter(batch, 'labels').toInt(), 7).toFloat()
      return { loss: tf.losses.softmaxCrossEntropy(oneHot, logits).asScalar(), logits }
    }
    const engine: Engine = await selectEngine(name)
    const compiled = engine.compile((weights, feeds, ctx) =>
      valueAndGradients((p, b) => loss(p, b, ctx), weights, feeds, ctx, Object.keys(params)),
    )
    const actual = await compiled(engine.place(params), { sequence_output, attention_mask, labels })
    engine.dispose()

    const compared = golden.tensors.filter(
      ({ name: key }) =>
        key === 'logits' || key === 'loss' || (key.startsWith('grad.') && key.slice(5) in params),
    )
    expect(compared.length).toBe(2 + 2 + 8 + 4)
    const off = compared.flatMap(({ name: key, tolerance }) => {
      const expected = golden.values[key]
      if (expected === undefined) return [key]
      const { pass, worst } = compareTensor(actual[key], expected, tolerance)
      return pass ? [] : [`${key}: ${worst}`]
    })
    expect(off).toEqual([])
  },
)
