import { defined } from '@kic/core'
import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'
import { withoutBool } from './numeric.ts'
import { concat } from './shape.ts'
import { slice } from './slice.ts'

const cumsum: Translation = ({ g, input, attributes }) => {
  const x = withoutBool(g, input('x'))
  const axis = attributes.axis('axis', x.shape.length)
  return g.node('CumSum', [x, g.fill(axis, 'int64', [])], x.dtype, x.shape, {
    attributes: {
      exclusive: attributes.flag('exclusive') ? 1 : 0,
      reverse: attributes.flag('reverse') ? 1 : 0,
    },
  })
}

/** `x` shifted by `distance` along an axis, with ones in the gap. */
const shifted = (g: GraphBuilder, x: Value, axis: number, distance: number, backwards: boolean): Value => {
  const sized = (n: number): number[] => x.shape.map((d, i) => (i === axis ? n : d))
  const left = defined(x.shape[axis]) - distance
  const begin = x.shape.map((_, i) => (i === axis && backwards ? distance : 0))
  const parts = [g.fill(1, x.dtype, sized(distance)), slice(g, x, begin, sized(left))]
  return concat(g, backwards ? parts.reverse() : parts, axis)
}

/** ONNX has no cumulative product: prefixes double in length until they cover the axis (Hillis & Steele 1986). */
const cumprod: Translation = ({ g, input, attributes }) => {
  const x = withoutBool(g, input('x'))
  const axis = attributes.axis('axis', x.shape.length)
  const length = defined(x.shape[axis])
  const backwards = attributes.flag('reverse')
  let product = attributes.flag('exclusive') && length > 0 ? shifted(g, x, axis, 1, backwards) : x
  for (let distance = 1; distance < length; distance *= 2) {
    product = g.binary('Mul', product, shifted(g, product, axis, distance, backwards))
  }
  return product
}

/** Running sums and products. */
export const cumulative: TranslationTable = { Cumsum: cumsum, Cumprod: cumprod }
