import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type LossFunction, selectEngine, valueAndGradients } from '@kic/engine'
import { parameter } from '@kic/nn'
import { compareTensor, loadGoldenCase } from '@kic/nn/testing'
import { parseRobertaConfig } from '@kic/roberta'
import { loadSafetensors } from '@kic/safetensors/node'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { hierarchicalFusion } from './hierarchical-fusion.ts'
import { initializeFusion } from './initialize-fusion.ts'
import { robertaLevel } from './roberta-level.ts'

const folder = fileURLToPath(new URL('./__fixtures__/04-hierarchical-fusion/', import.meta.url))
const configOf = async (path: string) =>
  parseRobertaConfig(JSON.parse(await readFile(`${folder}${path}config.json`, 'utf8')))
const tensorsOf = async (path: string) => (await loadSafetensors(`${folder}${path}model.safetensors`)).tensors

const publishedModel = async () => {
  const config = await configOf('')
  const previous = robertaLevel('previous', await configOf('previous/'))
  return hierarchicalFusion({ config, previous, present: robertaLevel('present', config) })
}

it.each(['cpu', 'compiled'] as const)(
  'equals the published PyTorch module in hidden states, logits, loss and every gradient, on the %s engine',
  async (name) => {
    const golden = await loadGoldenCase(folder)
    const model = await publishedModel()
    const loss: LossFunction = (params, batch, ctx) => {
      const logits = model.logits(params, batch, ctx)
      const oneHot = tf.oneHot(parameter(batch, 'labels').toInt(), logits.shape[1] ?? 0).toFloat()
      return { loss: tf.losses.softmaxCrossEntropy(oneHot, logits).asScalar(), logits }
    }
    const trainable = model.parameters.map((spec) => spec.name).filter((key) => !model.frozen(key))
    const engine = await selectEngine(name)
    const compiled = engine.compile((params, feeds, ctx) => {
      const every = { prefix: '', positions: 'all' } as const
      const { previous, normalized, present } = model.encoder.sequences(params, feeds, ctx, every)
      return {
        ...valueAndGradients(loss, params, feeds, ctx, trainable),
        previous_last_hidden_state: previous,
        previous_normed: normalized,
        present_last_hidden_state: present,
      }
    })
    const { input_ids, attention_mask, labels } = golden.values
    if (!input_ids || !attention_mask || !labels) throw new Error('the case lacks its inputs')
    const actual = await compiled(engine.place(await tensorsOf('')), { input_ids, attention_mask, labels })
    engine.dispose()

    const compared = golden.tensors.filter(({ role }) => role !== 'input')
    expect(compared.filter(({ role }) => role === 'gradient').length).toBe(trainable.length)
    const off = compared.flatMap(({ name: key, tolerance }) => {
      const expected = golden.values[key]
      if (expected === undefined) return [key]
      const { pass, worst } = compareTensor(actual[key], expected, tolerance)
      return pass ? [] : [`${key}: ${worst}`]
    })
    expect(off).toEqual([])
  },
)

it('puts two checkpoints together as the published model does, and leaves their heads behind', async () => {
  const model = await publishedModel()
  const whole = await tensorsOf('')
  const checkpoints = { previous: await tensorsOf('previous/'), present: await tensorsOf('present/') }
  const { params, fresh } = initializeFusion(model, checkpoints, 7)
  const head = ['dense.weight', 'dense.bias', 'out_proj.weight', 'out_proj.bias'].map(
    (key) => `classifier.${key}`,
  )
  expect(fresh).toEqual(['norm.weight', 'norm.bias', ...head])
  expect(Object.keys(params)).toEqual(model.parameters.map(({ name }) => name))
  const taken = Object.keys(params).filter((key) => !fresh.includes(key))
  expect(taken.length).toBe(5 + 3 * 16 + 5 + 2 * 16)
  for (const key of taken) expect(params[key]?.data, key).toEqual(whole[key]?.data)
  expect(params['classifier.out_proj.weight']?.shape).toEqual([7, 32])

  // Of the whole model's own file, the present encoder is `model.`, not the unused `roberta.`.
  const again = initializeFusion(model, { previous: checkpoints.previous, present: whole })
  const key = 'model.embeddings.word_embeddings.weight'
  expect(again.params[key]?.data).toEqual(whole[key]?.data)
  expect(whole['roberta.embeddings.word_embeddings.weight']?.data).not.toEqual(whole[key]?.data)
})

it('refuses a frozen checkpoint of another size, and one that is not whole', async () => {
  const model = await publishedModel()
  const previous = await tensorsOf('previous/')
  const weight = 'roberta.encoder.layer.2.output.dense.bias'
  const { [weight]: _, ...rest } = previous
  expect(() => initializeFusion(model, { previous: rest })).toThrowError(
    expect.objectContaining({
      code: 'hierarchical-fusion/incomplete-checkpoint',
      message: expect.stringContaining("'encoder.layer.2.output.dense.bias'"),
    }),
  )
  const wider = {
    ...previous,
    [weight]: { dtype: 'float32', shape: [48], data: new Float32Array(48) },
  } as const
  expect(() => initializeFusion(model, { previous: wider })).toThrowError(
    expect.objectContaining({
      code: 'nn/parameter-shape',
      message: expect.stringContaining('must be [32], received [48]'),
    }),
  )
})
