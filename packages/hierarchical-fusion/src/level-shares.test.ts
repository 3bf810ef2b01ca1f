import { inferenceContext } from '@kic/engine'
import { createRobertaConfig, standardHead } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { fuseEncoders } from './fuse-encoders.ts'
import { hierarchicalFusion } from './hierarchical-fusion.ts'
import type { LevelEncoder } from './level-encoder.ts'
import { levelShares } from './level-shares.ts'

beforeAll(() => tf.setBackend('cpu'))

/** An encoder that reads its states from the feeds. */
const given = (level: string): LevelEncoder => ({
  level,
  hiddenSize: 2,
  outputNorm: 'last.weight',
  parameters: (prefix) => [
    { name: `${prefix}last.weight`, shape: [2], init: { kind: 'constant', value: 1 } },
  ],
  encode: (_params, feeds, _ctx, { positions }) => {
    const states = feeds[level] ?? tf.scalar(0)
    return { sequence: positions === 'first' ? tf.slice(states, [0, 0, 0], [-1, 1, -1]) : states }
  },
})
const weights = (...entries: [name: string, ...values: number[]][]): HostTensors =>
  Object.fromEntries(
    entries.map(([name, ...values]) => [
      name,
      { dtype: 'float32' as const, shape: [values.length], data: Float32Array.from(values) },
    ]),
  )

it('reads the shares from the scales of both LayerNorms', () => {
  const encoder = fuseEncoders(given('section'), given('division'))
  // Root mean squares 5 / √2 of the previous, 15 / √2 of the present level; signs do not matter.
  const shares = levelShares(encoder, weights(['norm.weight', 3, -4], ['model.last.weight', 9, 12]))
  expect(shares.map(({ level }) => level)).toEqual(['section', 'division'])
  expect(shares[0]?.share).toBeCloseTo(0.25, 6)
  expect(shares[1]?.share).toBeCloseTo(0.75, 6)
})

it('divides the share of a fused level further', () => {
  const encoder = fuseEncoders(fuseEncoders(given('section'), given('division')), given('group'))
  const shares = levelShares(
    encoder,
    weights(
      ['norm.weight', 1, 1],
      ['model.last.weight', 1, 1],
      ['model_first.norm.weight', 1, 1],
      ['model_first.model.last.weight', 4, 4],
    ),
  )
  expect(shares.map(({ level }) => level)).toEqual(['section', 'division', 'group'])
  for (const [i, share] of [0.1, 0.4, 0.5].entries()) expect(shares[i]?.share).toBeCloseTo(share, 6)
})

it('refuses encoders without a known scale, and parameters of another model', () => {
  const { outputNorm: _, ...unscaled } = given('division')
  expect(() => levelShares(fuseEncoders(given('section'), unscaled), {})).toThrowError(
    expect.objectContaining({ code: 'hierarchical-fusion/shares' }),
  )
  expect(() => levelShares(fuseEncoders(given('section'), given('division')), {})).toThrowError(
    expect.objectContaining({ code: 'nn/missing-parameter' }),
  )
})

it('measures on a batch what tells its texts apart, at the positions that are read', () => {
  const model = (reads: 'first' | 'all') =>
    hierarchicalFusion({
      config: createRobertaConfig({ hidden_size: 2, num_attention_heads: 1, num_labels: 2 }),
      previous: given('section'),
      present: given('division'),
      head: { ...standardHead, reads },
    })
  const params = { 'norm.weight': tf.tensor1d([3, 3]), 'norm.bias': tf.tensor1d([100, -100]) }
  const feeds = {
    // Normalised to (1, -1) and (-1, 1); the last position of the second text is padding.
    section: tf.tensor3d([5, 3, 5, 3, 3, 5, 77, 0], [2, 2, 2]),
    division: tf.tensor3d([10, 0, 10, 4, 12, 0, 77, 0], [2, 2, 2]),
    attention_mask: tf.tensor2d([1, 1, 1, 0], [2, 2], 'int32'),
  }
  const read = (reads: 'first' | 'all') => {
    const { previous, present } = model(reads).contributions(params, feeds, inferenceContext)
    return [previous.dataSync()[0], present.dataSync()[0]]
  }
  const [previous, present] = read('first')
  expect(previous).toBeCloseTo(3, 3)
  expect(present).toBeCloseTo(Math.sqrt((1 + 0) / 2), 5)
  // Three tokens: ±3 twice and once, so a variance of 9 · 8/9; present features vary by 8/9 and 32/9.
  const [previousAll, presentAll] = read('all')
  expect(previousAll).toBeCloseTo(Math.sqrt(8), 3)
  expect(presentAll).toBeCloseTo(Math.sqrt((8 / 9 + 32 / 9) / 2), 5)
})
