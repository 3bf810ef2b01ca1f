import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Head } from '../head.ts'
import { linear } from '../linear.ts'
import { parameter } from '../parameter.ts'
import { type HeadContractOptions, headContract } from './head-contract.ts'

const weight = { name: 'out.weight', shape: [3, 4], init: { kind: 'normal', std: 0.5 } } as const

/** Mean of the tokens, then a projection. */
const sound: Head = {
  name: 'sound',
  parameters: () => [weight],
  apply: (params, { sequence, attentionMask }, _config, ctx) =>
    tf.tidy(() => {
      const mask = tf.expandDims(tf.cast(attentionMask, 'float32'), 2) // [B, S, 1]
      const mean = tf.div(tf.sum(tf.mul(sequence, mask), 1), tf.sum(mask, 1)) // [B, H]
      return linear(ctx.dropout(mean, 0.1), parameter(params, 'out.weight'))
    }),
}

/** The names and messages of the failing checks. */
const failures = async (head: Head, options?: HeadContractOptions): Promise<Record<string, string>> => {
  const failed: Record<string, string> = {}
  for (const { name, check } of headContract(head, options)) {
    await check().catch((error: Error) => {
      failed[name] = error.message
    })
  }
  return failed
}

/** The valid head with changed logits. */
const changed = (
  name: string,
  change: (logits: tf.Tensor, ...args: Parameters<Head['apply']>) => tf.Tensor,
): Head => ({
  ...sound,
  name,
  apply: (...args) => tf.tidy(() => change(sound.apply(...args), ...args)),
})

describe('headContract', () => {
  it('passes for a valid head, whichever positions it reads', async () => {
    expect(await failures(sound)).toEqual({})
    expect(await failures({ ...sound, reads: 'all' }, { engines: [] })).toEqual({})
  })

  it.each<[promise: string, message: RegExp, head: Head]>([
    [
      'names and reads its parameters',
      /never reads its parameters unused/,
      { ...sound, parameters: () => [weight, { ...weight, name: 'unused' }] },
    ],
    [
      'gives [B, C] for any batch',
      /float32 \[1,4\] for a batch of 1 × 1, not float32 \[1,3\]/,
      changed('wide', (logits) =>
        tf.pad(logits, [
          [0, 0],
          [0, 1],
        ]),
      ),
    ],
    [
      'has the gradients of finite differences',
      /away from finite differences/,
      changed('doubled', (logits) =>
        tf.customGrad((x) => ({
          value: tf.mul(x as tf.Tensor, 1),
          gradFunc: (dy: tf.Tensor) => tf.mul(dy, 1.01),
        }))(logits),
      ),
    ],
    [
      'ignores padding',
      /multiply by the mask/,
      changed('averaging', (logits, params, { sequence }) =>
        tf.add(logits, linear(tf.mean(sequence, 1), parameter(params, 'out.weight'))),
      ),
    ],
    [
      'is random through ctx.dropout alone',
      /something else in training/,
      changed('noisy', (logits, _params, _features, _config, ctx) =>
        ctx.training ? tf.mul(logits, 1.1) : logits,
      ),
    ],
    [
      'frees all tensors but its logits',
      /leaves 2 tensors behind/,
      changed('leaking', (logits) => {
        tf.keep(tf.mul(logits, 2))
        return logits
      }),
    ],
    [
      'computes on the compiled engine what it computes on cpu',
      /read/,
      changed('reading', (logits) => tf.mul(logits, logits.dataSync()[0] === 0 ? 2 : 1)),
    ],
    [
      'exports to ONNX for any numbers of rows and positions',
      /different operations for different sizes/,
      changed('looping', (logits, params, { sequence, attentionMask }) => {
        const mask = tf.expandDims(tf.cast(attentionMask, 'float32'), 2)
        const steps = tf.unstack(tf.mul(sequence, mask), 1)
        return tf.add(logits, linear(tf.addN(steps), parameter(params, 'out.weight')))
      }),
    ],
  ])('finds a head that breaks the promise: %s', async (promise, message, head) => {
    const failed = await failures(head, { engines: ['compiled'] })
    expect(failed[promise]).toMatch(message)
  })

  it('detects parameters that are not saved under their names', async () => {
    let times = 0
    const renaming: Head = {
      ...sound,
      parameters: () => [{ ...weight, name: times++ === 0 ? 'out.weight' : `out.weight.${times}` }],
    }
    const check = headContract(renaming).find(({ name }) => name.includes('save'))?.check
    await expect(check?.()).rejects.toThrowError(expect.objectContaining({ code: 'nn/head-contract' }))
  })

  it('rejects a head that declares to read padding but does not', async () => {
    const failed = await failures(sound, { padding: 'read', engines: [] })
    expect(Object.values(failed)).toEqual([expect.stringContaining("says padding: 'read'")])
  })

  it('uses the given config', async () => {
    const wide = { ...sound, parameters: () => [{ ...weight, shape: [5, 6] }] }
    const config = {
      hidden_size: 6,
      hidden_dropout_prob: 0,
      classifier_dropout: null,
      initializer_range: 0.5,
      layer_norm_eps: 1e-5,
      id2label: { 0: 'a', 1: 'b', 2: 'c', 3: 'd', 4: 'e' },
    }
    expect(await failures(wide, { config, engines: [] })).toEqual({})
    expect(Object.keys(await failures(wide, { engines: [] })).length).toBeGreaterThan(3)
  })
})
