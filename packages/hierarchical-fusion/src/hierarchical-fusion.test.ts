import type { AncestorLevel } from '@kic/classification'
import { type Context, inferenceContext, selectEngine, type Tensors } from '@kic/engine'
import { type Head, initialize, type ParamSpec, parameter } from '@kic/nn'
import { gradientError } from '@kic/nn/testing'
import { createRobertaConfig, ngramHead, type RobertaConfig, standardHead } from '@kic/roberta'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type HierarchicalFusionOptions, hierarchicalFusion } from './hierarchical-fusion.ts'
import { initializeFusion } from './initialize-fusion.ts'
import type { LevelEncoder } from './level-encoder.ts'
import { robertaLevel } from './roberta-level.ts'

beforeAll(() => tf.setBackend('cpu'))

const configOf = (labels: readonly string[], hidden = 8): RobertaConfig =>
  createRobertaConfig({
    vocab_size: 20,
    hidden_size: hidden,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 16,
    max_position_embeddings: 12,
    type_vocab_size: 1,
    initializer_range: 0.3,
    layer_norm_eps: 1e-5,
    id2label: Object.fromEntries(labels.entries()),
  })
const sections = configOf(['A', 'B'])
const divisions = configOf(['A01', 'A02', 'B05'])
const groups = configOf(['A011', 'A012', 'A021', 'B051'])
const sectionLevel: AncestorLevel = { name: 'section', labels: ['A', 'B'], ofClass: Int32Array.of(0, 0, 1) }
const divisionLevel: AncestorLevel = {
  name: 'division',
  labels: ['A01', 'A02', 'B05'],
  ofClass: Int32Array.of(0, 0, 1, 2),
}

const fused = (options: Partial<HierarchicalFusionOptions<RobertaConfig>> = {}) =>
  hierarchicalFusion({
    config: divisions,
    previous: robertaLevel('section', sections),
    present: robertaLevel('division', divisions),
    ...options,
  })
const chain = () =>
  hierarchicalFusion({
    config: groups,
    previous: fused().encoder,
    present: robertaLevel('group', groups),
    above: divisionLevel,
  })
const place = (specs: readonly ParamSpec[], seed = 1): Tensors =>
  Object.fromEntries(
    Object.entries(initialize(specs, seed)).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape]),
    ]),
  )
const feeds: Tensors = {
  input_ids: tf.tensor2d([0, 5, 6, 2, 1, 0, 7, 8, 9, 2], [2, 5], 'int32'),
  attention_mask: tf.tensor2d([1, 1, 1, 1, 0, 1, 1, 1, 1, 1], [2, 5], 'int32'),
}
const difference = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? Number.NaN
const code = (fn: () => unknown, expected: string, message = /./): void => {
  expect(fn).toThrowError(
    expect.objectContaining({ code: expected, message: expect.stringMatching(message) }),
  )
}
const watching = (seen: string[]): Context => ({
  training: true,
  dropout: (x, rate) => {
    seen.push(`${x.shape.join('x')}@${rate}`)
    return x
  },
})

describe('hierarchicalFusion', () => {
  it('names its parameters as the published model', () => {
    const names = fused().parameters.map(({ name }) => name)
    expect(names.filter((name) => !name.includes('.layer.'))).toEqual([
      ...['model_first.', 'model.'].flatMap((prefix) =>
        [
          'word_embeddings.weight',
          'position_embeddings.weight',
          'token_type_embeddings.weight',
          'LayerNorm.weight',
          'LayerNorm.bias',
        ].map((name) => `${prefix}embeddings.${name}`),
      ),
      'norm.weight',
      'norm.bias',
      'classifier.dense.weight',
      'classifier.dense.bias',
      'classifier.out_proj.weight',
      'classifier.out_proj.bias',
    ])
    expect(names.filter(fused().frozen)).toEqual(names.filter((name) => name.startsWith('model_first.')))
  })

  it('keeps a head apart whose parameters are named like its own', () => {
    const scaling: Head<RobertaConfig> = {
      name: 'scaling',
      parameters: () => [{ name: 'norm.weight', shape: [8], init: { kind: 'constant', value: 3 } }],
      apply: (params, { sequence }) => tf.mul(tf.sum(sequence, 1), parameter(params, 'norm.weight')),
    }
    const model = fused({ head: scaling })
    expect(model.parameters.map(({ name }) => name).slice(-3)).toEqual([
      'norm.weight',
      'norm.bias',
      'head.norm.weight',
    ])
    expect(model.frozen('head.norm.weight')).toBe(false)
    const params = place(model.parameters)
    const { fused: sequence } = model.encoder.sequences(params, feeds, inferenceContext, {
      prefix: '',
      positions: 'all',
    })
    const expected = tf.mul(tf.sum(sequence, 1), 3)
    expect(difference(model.logits(params, feeds, inferenceContext), expected)).toBeLessThan(1e-5)
  })

  it('gives the head the first position alone where it reads no other', () => {
    const params = place(fused().parameters)
    const reading: Head<RobertaConfig> = { ...standardHead, reads: 'all' }
    const whole = fused({ head: reading }).logits(params, feeds, inferenceContext)
    expect(whole.shape).toEqual([2, 3])
    expect(difference(fused().logits(params, feeds, inferenceContext), whole)).toBeLessThan(1e-5)
  })

  it('gives the head the n-grams of the present level', () => {
    const present = robertaLevel('division', { ...divisions, ngram_sizes: [1, 2], ngram_buckets: 31 })
    const model = fused({ present, head: ngramHead })
    const params = place(model.parameters)
    const logits = model.logits(params, feeds, inferenceContext)
    const table = 'model.embeddings.ngram_embeddings.weight'
    const filled = { ...params, [table]: tf.randomNormal([31, 8], 0, 1, 'float32', 3) }
    expect(difference(model.logits(filled, feeds, inferenceContext), logits)).toBeGreaterThan(1e-2)
    code(() => fused({ head: ngramHead }).logits(params, feeds, inferenceContext), 'roberta/no-ngrams')
  })

  it('trains everything but the previous level', async () => {
    const model = fused()
    const engine = await selectEngine('cpu')
    const params = engine.place(initialize(model.parameters, 1))
    const before = await params.read()
    const step = engine.trainStep({
      params,
      loss: (p, batch, ctx) => tf.sum(tf.square(model.logits(p, batch, ctx))),
      trainable: (name) => !model.frozen(name),
      optimizer: { kind: 'adamw' },
      seed: 0,
    })
    const ids = {
      dtype: 'int32' as const,
      shape: [2, 5],
      data: Int32Array.from(parameter(feeds, 'input_ids').dataSync()),
    }
    await step([{ input_ids: ids }], { learningRate: 0.01 })
    const after = await params.read()
    const changed = Object.keys(after).filter((name) => `${after[name]?.data}` !== `${before[name]?.data}`)
    engine.dispose()
    expect(changed.filter((name) => !model.frozen(name)).length).toBeGreaterThan(20)
    expect(changed.filter(model.frozen)).toEqual([])
    expect(changed).toContain('norm.weight')
  })

  it('lets the frozen encoder drop out only where the published behaviour is asked for', () => {
    const params = place(fused().parameters)
    const sites = (frozenDropout: 'none' | 'as-published'): string[] => {
      const seen: string[] = []
      fused({ frozenDropout }).logits(params, feeds, watching(seen))
      return seen
    }
    const encoder = ['2x5x8@0.1', '2x2x1x5@0.1', '2x1x8@0.1', '2x1x8@0.1']
    const head = ['2x8@0.1', '2x8@0.1']
    expect(sites('none')).toEqual([...encoder, ...head])
    expect(sites('as-published')).toEqual([...encoder, ...encoder, ...head])
  })

  it('has the gradients of finite differences by norm and head', () => {
    const model = fused()
    const params = place(model.parameters)
    const names = ['norm.weight', 'norm.bias', 'model.encoder.layer.0.output.LayerNorm.weight']
    const fn = (...values: tf.Tensor[]): tf.Tensor => {
      const replaced = Object.fromEntries(values.map((value, i) => [names[i] ?? '', value]))
      return model.logits({ ...params, ...replaced }, feeds, inferenceContext)
    }
    expect(
      gradientError(
        fn,
        names.map((name) => parameter(params, name)),
        { step: 0.03 },
      ),
    ).toBeLessThan(1e-3)
  })
})

describe('a chain of levels', () => {
  it('nests the parameters of the coarser model, all frozen', () => {
    const model = chain()
    const frozen = model.parameters.map(({ name }) => name).filter(model.frozen)
    const coarser = fused().encoder.parameters('')
    expect(frozen).toEqual(coarser.map(({ name }) => `model_first.${name}`))
    expect(frozen).toContain('model_first.model_first.embeddings.word_embeddings.weight')
    expect(frozen).toContain('model_first.norm.weight')
  })

  it('starts from the coarser model as it was saved, both of its encoders and what fused them', () => {
    const coarser = initialize(fused().parameters, 11)
    const { params, fresh } = initializeFusion(chain(), { previous: coarser }, 3)
    for (const { name } of fused().encoder.parameters('')) {
      expect(params[`model_first.${name}`]?.data, name).toEqual(coarser[name]?.data)
    }
    expect(fresh.filter((name) => name.startsWith('model_first.'))).toEqual([])
    expect(params['classifier.out_proj.weight']?.shape).toEqual([4, 8])
  })

  it('refuses the checkpoint of a model of one level where two are wanted', () => {
    const plain = initialize(robertaLevel('division', divisions).parameters('roberta.'), 1)
    code(
      () => initializeFusion(chain(), { previous: plain }),
      'hierarchical-fusion/incomplete-checkpoint',
      /lacks .* 'model_first\.embeddings/,
    )
  })

  it('hears the coarsest level through both fusions', () => {
    const model = chain()
    const params = place(model.parameters)
    const logits = model.logits(params, feeds, inferenceContext)
    expect(logits.shape).toEqual([2, 4])
    const deepest = 'model_first.model_first.embeddings.word_embeddings.weight'
    const moved = {
      ...params,
      [deepest]: tf.add(parameter(params, deepest), tf.randomNormal([20, 8], 0, 1, 'float32', 5)),
    }
    expect(difference(model.logits(moved, feeds, inferenceContext), logits)).toBeGreaterThan(1e-3)
    const seen: string[] = []
    model.logits(params, feeds, watching(seen))
    expect(seen.length).toBe(4 + 2)
  })
})

describe('any encoder', () => {
  const table: LevelEncoder = {
    level: 'own',
    hiddenSize: 3,
    parameters: (prefix) => [{ name: `${prefix}table`, shape: [20, 3], init: { kind: 'normal', std: 1 } }],
    encode: (params, batch, _ctx, { prefix, positions }) => {
      const ids = parameter(batch, 'input_ids').reshape([-1])
      const rows = tf.reshape(tf.gather(parameter(params, `${prefix}table`), ids), [2, 5, 3])
      return { sequence: positions === 'first' ? tf.slice(rows, [0, 0, 0], [-1, 1, -1]) : rows }
    },
  }

  it('can be the previous level, projected where its hidden size is another', () => {
    code(
      () => fused({ previous: table }),
      'hierarchical-fusion/hidden-size',
      /'own' has hidden states of 3.*of 8.*projection/,
    )
    const model = fused({ previous: table, projection: true })
    const params = place(model.parameters)
    expect(params['projection.weight']?.shape).toEqual([8, 3])
    expect(model.frozen('projection.weight')).toBe(false)
    const {
      previous,
      normalized,
      present,
      fused: sum,
    } = model.encoder.sequences(params, feeds, inferenceContext, {
      prefix: '',
      positions: 'all',
    })
    expect([previous.shape, normalized.shape]).toEqual([
      [2, 5, 3],
      [2, 5, 8],
    ])
    expect(difference(sum, tf.add(normalized, present))).toBe(0)
    const { variance } = tf.moments(normalized, 2)
    expect(difference(variance, tf.ones([2, 5]))).toBeLessThan(1e-3)
  })

  it('is refused where it cannot be fused', () => {
    code(
      () => fused({ config: configOf(['x'], 4) }),
      'hierarchical-fusion/hidden-size',
      /hidden_size 4.*has 8/,
    )
    const small = { ...robertaLevel('section', sections), vocabularySize: 10 }
    code(
      () => fused({ previous: small }),
      'hierarchical-fusion/vocabulary',
      /knows 10 token ids, 'division' 20/,
    )
  })
})

describe('the level above', () => {
  it('passes where both levels are of one classification', () => {
    expect(() => fused({ above: sectionLevel })).not.toThrow()
    expect(() => chain()).not.toThrow()
  })

  it('refuses levels that do not match', () => {
    const wrong = 'hierarchical-fusion/hierarchy'
    const skipped = { config: groups, present: robertaLevel('group', groups), above: divisionLevel }
    code(
      () => fused(skipped),
      wrong,
      /'A011' of 'group' belongs to 'A01', which is none of the 2 classes of 'section'/,
    )
    const [lost, few] = [Int32Array.of(0, 2, 1), Int32Array.of(0, 0)]
    code(() => fused({ above: { ...sectionLevel, ofClass: lost } }), wrong, /received 2 for class 1/)
    code(() => fused({ above: { ...sectionLevel, ofClass: few } }), wrong, /each of 3 classes, received 2/)
    const { labels: _, ...unnamed } = robertaLevel('section', sections)
    code(() => fused({ previous: unnamed, above: sectionLevel }), wrong, /'section' names no labels/)
  })
})
