import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import type { LossFunction } from '../contract.ts'
import { valueAndGradients } from '../value-and-gradients.ts'
import { dumpGraph } from './dump-graph.ts'

const floats = (...shape: number[]) => ({
  dtype: 'float32' as const,
  shape,
  data: new Float32Array(tf.util.sizeFromShape(shape)),
})

const params = { w: floats(3, 2), b: floats(2) }
const batch = { x: floats(4, 3) }

/** Lines without value numbers and positions in this file. */
const readable = (text: string): string[] =>
  text.split('\n').map((line) =>
    line
      .replaceAll(/%\d+/g, '%_')
      .replace(/ +# .*dump-graph\.test\.ts:\d+:\d+\)?$/, ' # here')
      .trim(),
  )

it('shows inputs, constants, fused operators with attributes and user code lines, and outputs', () => {
  const text = dumpGraph(
    ({ w, b }, { x }) => ({
      y: tf
        .matMul(x ?? tf.zeros([1, 3]), w ?? tf.zeros([3, 2]))
        .add(b ?? 0)
        .mul(2),
    }),
    params,
    batch,
  )
  expect(readable(text)).toEqual([
    'inputs',
    '%param/w float32[3,2]',
    '%param/b float32[2]',
    '%feed/x float32[4,3]',
    'constants',
    '%_ float32[] = all 2',
    'nodes',
    '%_ float32[4,2] = Gemm(%feed/x, %param/w, %param/b) transA=0 transB=0 # here',
    '%_ float32[4,2] = Mul(%_, %_) # here',
    'outputs',
    'y = %_ float32[4,2]',
  ])
})

it('shows a training step with its gradients and dropout masks', () => {
  const loss: LossFunction = ({ w }, { x }, ctx) =>
    ctx
      .dropout(tf.matMul(x ?? tf.zeros([1, 3]), w ?? tf.zeros([3, 2])), 0.5)
      .sum()
      .asScalar()
  const text = dumpGraph((p, feeds, ctx) => valueAndGradients(loss, p, feeds, ctx, ['w']), params, batch, {
    training: true,
  })
  expect(text).toContain('%mask/0 float32[4,2]')
  expect(text).toMatch(/grad\.w = %\d+ float32\[3,2\]/)
  expect(text).toMatch(/= FusedMatMul\(%feed\/x, %mask\/0\) transA=1 transB=0/)
})
