import { defined } from '@kic/core'
import { util } from '@tensorflow/tfjs'
import { sizeOf, type Value } from '../graph.ts'
import { broadcastShape, type GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'
import { unsupported } from '../unsupported.ts'
import { applyActivation } from './activation.ts'
import { numeric } from './numeric.ts'

/** Matrix product over the last two axes, either operand transposed, leading axes broadcast. */
export const matMul = (g: GraphBuilder, a: Value, b: Value, transA: boolean, transB: boolean): Value => {
  const inner = [a.shape.at(transA ? -2 : -1), b.shape.at(transB ? -1 : -2)]
  util.assert(
    inner[0] === inner[1],
    () =>
      `Error in matMul: inner shapes (${inner[0]}) and (${inner[1]}) of Tensors with shapes ${a.shape} and ${b.shape} and ` +
      `transposeA=${transA} and transposeB=${transB} must match.`,
  )
  const [rows, columns] = [defined(a.shape.at(transA ? -1 : -2)), defined(b.shape.at(transB ? -2 : -1))]
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const shape = [...batch, rows, columns]
  // ONNX Runtime leaves the result of zero products uninitialised.
  if (inner[0] === 0) return g.fill(0, a.dtype, shape)
  if (!transA && !transB) return g.node('MatMul', [a, b], a.dtype, shape)
  if (a.dtype !== 'float32') {
    return g.node('MatMul', [swapped(g, a, transA), swapped(g, b, transB)], a.dtype, shape)
  }
  return g.node('FusedMatMul', [a, b], 'float32', shape, {
    domain: 'com.microsoft',
    attributes: { transA: transA ? 1 : 0, transB: transB ? 1 : 0 },
  })
}

/** Exchanges the last two axes, because FusedMatMul supports only floats. */
const swapped = (g: GraphBuilder, x: Value, wanted: boolean): Value => {
  if (!wanted) return x
  const rank = x.shape.length
  const perm = x.shape.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i))
  return g.transpose(x, perm)
}

const batchMatMul: Translation = ({ g, input, attributes, kernel }) =>
  matMul(
    g,
    numeric(kernel, input('a')),
    numeric(kernel, input('b')),
    attributes.flag('transposeA'),
    attributes.flag('transposeB'),
  )

/** A product, a bias and an activation, which TensorFlow.js passes on if no gradient is requested. */
const fusedMatMul: Translation = (call) => {
  const { g, optional } = call
  const product = batchMatMul(call)
  if ('length' in product) return product
  const bias = optional('bias')
  return applyActivation(call, bias === undefined ? product : g.binary('Add', product, bias))
}

const einsum: Translation = ({ g, inputs, attributes, kernel }) => {
  const equation = attributes.text('equation').replace(/\s/g, '')
  const [terms = '', result = ''] = equation.split('->')
  const sizes = new Map<string, number>()
  terms.split(',').forEach((letters, i) => {
    for (const [axis, letter] of [...letters].entries()) {
      const [size, shape] = [sizes.get(letter), inputs[i]?.shape ?? []]
      util.assert(
        size === undefined || size === shape[axis],
        () =>
          `Expected dimension ${size} at axis ${axis} of input shaped [${shape}], but got dimension ${shape[axis]}`,
      )
      sizes.set(letter, shape[axis] ?? 1)
    }
  })
  const shape = [...result].map((letter) => {
    const size = sizes.get(letter)
    if (size === undefined)
      throw unsupported(
        kernel,
        `every result axis must occur in an operand, received "${letter}" in "${equation}". Correct the equation`,
      )
    return size
  })
  if (inputs.some((x) => sizeOf(x.shape) === 0)) return g.fill(0, inputs[0]?.dtype ?? 'float32', shape)
  return g.node('Einsum', inputs, inputs[0]?.dtype ?? 'float32', shape, { attributes: { equation } })
}

/** Matrix products. */
export const matrixProducts: TranslationTable = {
  BatchMatMul: batchMatMul,
  _FusedMatMul: fusedMatMul,
  Einsum: einsum,
}
