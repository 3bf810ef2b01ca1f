import { sameShape, type Value } from '../graph.ts'
import { broadcastShape, type GraphBuilder } from '../graph-builder.ts'
import type { KernelCall, Translation, TranslationTable } from '../translation.ts'
import { unsupported } from '../unsupported.ts'
import { inFloat, numeric } from './numeric.ts'
import { where } from './where.ts'

type Activation = (g: GraphBuilder, x: Value) => Value

const onnx =
  (op: string): Activation =>
  (g, x) =>
    g.unary(op, x)

/** For integers a maximum, because ONNX Runtime's fusion of Relu and Clip fails on integers. */
const relu: Activation = (g, x) =>
  x.dtype === 'float32' ? g.unary('Relu', x) : g.binary('Max', x, g.scalar(0, x.dtype))

const relu6: Activation = (g, x) =>
  g.node('Clip', [x, g.scalar(0, x.dtype), g.scalar(6, x.dtype)], x.dtype, x.shape)

const leakyRelu = (g: GraphBuilder, x: Value, alpha: number): Value =>
  g.unary('LeakyRelu', x, 'float32', { attributes: { alpha: { float: alpha } } })

/** ONNX's operator broadcasts the slope to x; TensorFlow.js broadcasts both. */
const prelu = (g: GraphBuilder, x: Value, alpha: Value): Value => {
  const shape = broadcastShape(x.shape, alpha.shape)
  if (sameShape(shape, x.shape)) return g.node('PRelu', [x, alpha], 'float32', shape)
  const negative = g.binary('Less', x, g.scalar(0), 'bool')
  return where(g, negative, g.binary('Mul', x, alpha), x)
}

const inFloats =
  (activation: Activation): Translation =>
  ({ g, input, kernel }) =>
    inFloat(g, kernel, input('x'), (x) => activation(g, x))

const onNumbers =
  (activation: Activation): Translation =>
  ({ g, input, kernel }) =>
    activation(g, numeric(kernel, input('x')))

/** dy · (y ≥ 0 ? 1 : y + 1). */
const eluGrad: Translation = ({ g, input }) => {
  const [dy, y] = [input('dy'), input('y')]
  const positive = g.binary('GreaterOrEqual', y, g.scalar(0), 'bool')
  return where(g, positive, dy, g.binary('Mul', dy, g.binary('Add', y, g.scalar(1))))
}

/** Applies a fused kernel's `activation` to its sum, with the inputs and attributes of the activation. */
export const applyActivation = (
  { g, kernel, attributes, optional }: KernelCall,
  x: Value,
  alignSlope: (slope: Value) => Value = (slope) => slope,
): Value => {
  const name = attributes.has('activation') ? attributes.text('activation') : 'linear'
  switch (name) {
    case 'linear':
      return x
    case 'relu':
      return g.unary('Relu', x)
    case 'relu6':
      return relu6(g, x)
    case 'elu':
      return g.unary('Elu', x)
    case 'sigmoid':
      return g.unary('Sigmoid', x)
    case 'leakyrelu':
      return leakyRelu(g, x, attributes.number('leakyreluAlpha'))
    case 'prelu': {
      const slope = optional('preluActivationWeights')
      if (slope !== undefined) return prelu(g, x, alignSlope(slope))
      throw unsupported(
        kernel,
        'the activation prelu must have preluActivationWeights, received none. Pass them',
      )
    }
    default:
      throw unsupported(
        kernel,
        `its activation must have a translation, received "${name}". Apply it afterwards`,
      )
  }
}

/** Activation functions, and their only gradient that is a kernel. */
export const activations: TranslationTable = {
  Relu: onNumbers(relu),
  Relu6: onNumbers(relu6),
  Elu: inFloats(onnx('Elu')),
  EluGrad: eluGrad,
  Selu: inFloats(onnx('Selu')),
  Sigmoid: inFloats(onnx('Sigmoid')),
  Softplus: inFloats(onnx('Softplus')),
  Tanh: inFloats(onnx('Tanh')),
  LeakyRelu: ({ g, input, attributes, kernel }) =>
    leakyRelu(g, g.cast(numeric(kernel, input('x')), 'float32'), attributes.number('alpha')),
  Prelu: ({ g, input, kernel }) =>
    prelu(
      g,
      g.cast(numeric(kernel, input('x')), 'float32'),
      g.cast(numeric(kernel, input('alpha')), 'float32'),
    ),
}
