import { createRandom } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import type { TensorFunction } from '../../contract.ts'
import { exportOnnx } from '../../export/export-onnx.ts'

const random = createRandom('row-convolution')
const floats = (...shape: number[]) => ({
  dtype: 'float32' as const,
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
})

/** Two convolutions over the positions of a text, and one of the reversed text. */
const model: TensorFunction = ({ narrow, wide }, { x }) => {
  if (!narrow || !wide || !x) throw new Error('incomplete')
  const conv = (input: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
    tf.conv1d(input as tf.Tensor3D, filter as tf.Tensor3D, 1, 'same')
  return { y: tf.concat([conv(x, narrow), conv(x, wide), conv(x.reverse(1), wide).reverse(1)], 2) }
}

it('exports a convolution over a text once for all lengths', async () => {
  const params = { narrow: floats(1, 6, 4), wide: floats(4, 6, 4) }
  const bytes = exportOnnx(model, params, {
    inputs: { x: { dtype: 'float32', shape: ['batch', 'sequence', 6] } },
  })
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 })
  await tf.setBackend('cpu')
  for (const [batch, length] of [
    [1, 1],
    [2, 5],
    [3, 40],
  ] as const) {
    const x = floats(batch, length, 6)
    const { y } = await session.run({ x: new Tensor('float32', x.data, x.shape) })
    const expected = tf.tidy(() => {
      const tensors = [params.narrow, params.wide, x].map(({ data, shape }) => tf.tensor(data.slice(), shape))
      const [narrow, wide, input] = tensors
      if (!narrow || !wide || !input) throw new Error('incomplete')
      const outputs = model({ narrow, wide }, { x: input }, { training: false, dropout: (t) => t })
      return Array.from(outputs.y?.dataSync() ?? [])
    })
    const data = y?.data
    if (!(data instanceof Float32Array)) throw new Error('no output')
    expect(y?.dims).toEqual([batch, length, 12])
    expected.forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 4)
    })
  }
  await session.release()
})
