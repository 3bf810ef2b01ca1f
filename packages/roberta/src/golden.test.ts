import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Engine, selectEngine, type Tensors, valueAndGradients } from '@kic/engine'
import { parameter } from '@kic/nn'
import { compareTensor, type GoldenCase, loadGoldenCase } from '@kic/nn/testing'
import type { HostTensors } from '@kic/safetensors'
import { loadSafetensors } from '@kic/safetensors/node'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRobertaConfig, type RobertaConfig } from './config.ts'
import { robertaEncoder } from './encoder.ts'
import { maskedLmHead, maskedLmParameters } from './masked-lm-head.ts'
import { robertaParameters } from './parameters.ts'
import { positionIds } from './position-ids.ts'
import { robertaInputs, sequenceClassifier } from './sequence-classifier.ts'

interface Fixture {
  readonly golden: GoldenCase
  readonly config: RobertaConfig
  readonly params: HostTensors
}

const fixture = async (name: string): Promise<Fixture> => {
  const folder = fileURLToPath(new URL(`./__fixtures__/${name}/`, import.meta.url))
  return {
    golden: await loadGoldenCase(folder),
    config: parseRobertaConfig(JSON.parse(await readFile(`${folder}config.json`, 'utf8'))),
    params: (await loadSafetensors(`${folder}model.safetensors`)).tensors,
  }
}

/** Expects every output and gradient that the case lists. */
const expectParity = ({ golden }: Fixture, actual: HostTensors): void => {
  const compared = golden.tensors.filter(({ role }) => role !== 'input')
  const off = compared.flatMap(({ name, tolerance }) => {
    const expected = golden.values[name]
    const { pass, worst } = compareTensor(actual[name], expected ?? failMissing(name), tolerance)
    return pass ? [] : [`${name}: ${worst}`]
  })
  expect(off).toEqual([])
  expect(compared.length).toBeGreaterThan(20)
}

const failMissing = (name: string): never => {
  throw new Error(`no golden value of ${name}`)
}

const feedsOf = ({ golden }: Fixture, prefix = ''): HostTensors =>
  Object.fromEntries(
    golden.tensors
      .filter(({ name, role }) => role === 'input' && name.startsWith(prefix))
      .flatMap(({ name }) => Object.entries(golden.values).filter(([key]) => key === name))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  )

/** Mean cross-entropy over the labels that are not -100; logits [n, C]. */
const crossEntropy = (logits: tf.Tensor, labels: tf.Tensor | undefined): tf.Tensor => {
  if (labels === undefined) throw new Error('no labels')
  const kept = tf.cast(tf.notEqual(labels, tf.scalar(-100, 'int32')), 'float32')
  const targets = tf.oneHot(tf.maximum(labels, tf.scalar(0, 'int32')), logits.shape.at(-1) ?? 0)
  const losses = tf.sum(tf.mul(tf.logSoftmax(logits), tf.cast(targets, 'float32')), -1)
  return tf.neg(tf.div(tf.sum(tf.mul(losses, kept)), tf.sum(kept)))
}

describe.each(['cpu', 'compiled'] as const)('on the %s engine', (name) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await selectEngine(name)
  })
  afterAll(() => engine.dispose())

  const run = async (
    params: HostTensors,
    feeds: HostTensors,
    fn: Parameters<Engine['compile']>[0],
  ): Promise<HostTensors> => {
    const placed = engine.place(params)
    const compiled = engine.compile(fn)
    try {
      return await compiled(placed, feeds)
    } finally {
      compiled.dispose()
      placed.dispose()
    }
  }

  it('the encoder equals transformers, layer by layer', async () => {
    const data = await fixture('01-encoder')
    const actual: Record<string, HostTensors[string]> = {}
    for (const variant of ['a', 'b', 'c', 'd']) {
      const outputs = await run(data.params, feedsOf(data, `${variant}.`), (params, feeds, ctx) => {
        const inputs = robertaInputs(feeds)
        const options = { prefix: '', hiddenStates: true, attentions: true }
        const { lastHiddenState, hiddenStates, attentions } = robertaEncoder(
          params,
          inputs,
          data.config,
          ctx,
          options,
        )
        const named: Record<string, tf.Tensor> = {
          position_ids: positionIds(inputs.inputIds, data.config.pad_token_id),
          last_hidden_state: lastHiddenState,
        }
        for (const [i, tensor] of hiddenStates.entries()) named[`hidden_states.${i}`] = tensor
        for (const [i, tensor] of attentions.entries()) named[`attentions.${i}`] = tensor
        return named
      })
      for (const [key, tensor] of Object.entries(outputs)) actual[`${variant}.${key}`] = tensor
    }
    expectParity(data, actual)
  })

  it('the sequence classifier equals transformers, in logits, loss and every gradient', async () => {
    const data = await fixture('02-sequence-classification')
    const model = sequenceClassifier(data.config)
    const names = model.parameters.map((spec) => spec.name)
    expect([...names].sort()).toEqual(Object.keys(data.params).sort())
    const actual = await run(data.params, feedsOf(data), (params, feeds, ctx) => {
      const loss = (values: Tensors, batch: Tensors) => {
        const logits = model.logits(values, batch, ctx)
        return { loss: crossEntropy(logits, batch.labels), logits }
      }
      return valueAndGradients(loss, params, feeds, ctx, names)
    })
    expectParity(data, actual)
  })

  it('the masked-LM head equals transformers, with separate gradients of the tied embeddings', async () => {
    const data = await fixture('03-masked-lm')
    const specs = [...robertaParameters(data.config), ...maskedLmParameters(data.config)]
    const names = specs.map((spec) => spec.name)
    expect([...names].sort()).toEqual(Object.keys(data.params).sort())
    const table = 'roberta.embeddings.word_embeddings.weight'
    const loss = (
      encoder: Tensors,
      decoder: Tensors,
      feeds: Tensors,
      ctx: Parameters<typeof robertaEncoder>[3],
    ) => {
      const { lastHiddenState } = robertaEncoder(encoder, robertaInputs(feeds), data.config, ctx)
      const logits = maskedLmHead(decoder, lastHiddenState, data.config)
      const rows = tf.reshape(logits, [-1, data.config.vocab_size])
      return { loss: crossEntropy(rows, feeds.labels?.reshape([-1])), logits }
    }
    const actual = await run(data.params, feedsOf(data), (params, feeds, ctx) => {
      const whole = valueAndGradients((p, b) => loss(p, p, b, ctx), params, feeds, ctx, names)
      // As a separate tensor, the table is a constant beside the differentiated one.
      const constant = { ...params, [table]: tf.clone(parameter(params, table)) }
      const lookup = valueAndGradients((p, b) => loss(p, constant, b, ctx), params, feeds, ctx, [table])
      const decoder = valueAndGradients((p, b) => loss(constant, p, b, ctx), params, feeds, ctx, [table])
      const [embeddingLookup, decoderMatmul] = [lookup[`grad.${table}`], decoder[`grad.${table}`]]
      if (!embeddingLookup || !decoderMatmul) throw new Error('no gradient')
      return {
        ...whole,
        'gradpart.embedding_lookup': embeddingLookup,
        'gradpart.decoder_matmul': decoderMatmul,
      }
    })
    expectParity(data, actual)
  })
})
