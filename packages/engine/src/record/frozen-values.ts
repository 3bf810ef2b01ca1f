import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import type { EngineErrorCode } from '../error-code.ts'
import { callingLine } from './calling-line.ts'
import type { Constant, Graph, Node, Value } from './graph.ts'
import { withProperty } from './with-property.ts'

/** The advice for every frozen value. */
const INSTEAD =
  'A function is recorded once and run often, so this value would stay as it is. For dropout call ctx.dropout, which ' +
  'draws a new mask at every step; pass other values that change as feeds.'

/** Operations of TensorFlow.js that draw random numbers, by the names of their scopes. */
const DRAWS =
  /^(dropout|multinomial|rand|randomGamma|randomNormal|randomStandardNormal|randomUniform|randomUniformInt|truncatedNormal)__op$/

/** The error for a value that would be drawn only once. */
export const drawnOnce = (what: string): KicError =>
  new KicError<EngineErrorCode>(
    'engine/frozen-value',
    `record: a tensor function must not draw random numbers, received a draw by ${what} (at ${callingLine(new Error(what))}). ${INSTEAD}`,
  )

/** Refuses a tensor under construction by an operation that draws random numbers, with a seed or without. */
export const refuseDrawn = (): void => {
  const scope = tf.engine().state.scopeStack.find(({ name }) => DRAWS.test(name))
  if (scope !== undefined) throw drawnOnce(`tf.${scope.name.replace('__op', '')}`)
}

/** The error for a draw from the host; it gives the drawing operation of TensorFlow.js if there is one. */
const drawnFromHost = (what: string) => (): never => {
  const scope = tf.engine().state.scopeStack.find(({ name }) => DRAWS.test(name))
  throw drawnOnce(scope === undefined ? what : `tf.${scope.name.replace('__op', '')}`)
}

/** Runs `body` and refuses random numbers of the host (`Math.random`, Web Crypto) in it, with the line. */
export const withoutRandom = <T>(body: () => T): T => {
  const withoutMath = (): T => withProperty(Math, 'random', drawnFromHost('Math.random'), body)
  // Browsers have it only in secure contexts.
  const crypto: Crypto | undefined = globalThis.crypto
  if (crypto === undefined) return withoutMath()
  return withProperty(crypto, 'getRandomValues', drawnFromHost('crypto.getRandomValues'), () =>
    withProperty(crypto, 'randomUUID', drawnFromHost('crypto.randomUUID'), withoutMath),
  )
}

/**
 * Compares two recordings of one function with the same inputs.
 *
 * @throws KicError `engine/frozen-value` with the line of the first operation that differs
 */
export const compareRecordings = (first: Graph, second: Graph): void => {
  const others = new Map(second.constants.map((constant) => [constant.value.id, constant]))
  for (const constant of first.constants) {
    const other = others.get(constant.value.id)
    if (other !== undefined && sameConstant(constant, other)) continue
    const reader = first.nodes.find(({ inputs }) => inputs.some((value) => value?.id === constant.value.id))
    throw changed(reader, `a constant ${described(constant)}, and then ${other ? described(other) : 'none'}`)
  }
  first.nodes.forEach((node, i) => {
    const other = second.nodes[i]
    if (other === undefined || !sameNode(node, other)) {
      throw changed(
        node,
        `the operator ${node.op}, and then ${other?.op ?? 'none'} with other operands or settings`,
      )
    }
  })
  const surplus = second.nodes[first.nodes.length]
  if (surplus !== undefined) throw changed(surplus, `one operator more, ${surplus.op}`)
  if (`${first.outputs.map(named)}` !== `${second.outputs.map(named)}`)
    throw changed(undefined, 'other outputs')
}

const named = ({ name, value }: Graph['outputs'][number]): string => `${name}=${value.id}`

const changed = (node: Node | undefined, what: string): KicError =>
  new KicError<EngineErrorCode>(
    'engine/frozen-value',
    `record: a tensor function must do the same in every call, received ${what}` +
      `${node === undefined ? '' : ` (at ${callingLine(node.origin)})`}. It depends on random numbers, the time or ` +
      `something that the function changes itself. ${INSTEAD}`,
  )

const described = ({ data, value }: Constant): string => {
  const elements = data.kind === 'fill' ? [data.value] : [...data.data.slice(0, 3)]
  return `${value.dtype}[${value.shape}] of ${elements.join(', ')}${data.kind === 'array' && data.data.length > 3 ? ', …' : ''}`
}

const sameConstant = (a: Constant, b: Constant): boolean => {
  if (!sameValue(a.value, b.value)) return false
  if (a.data.kind === 'fill') return b.data.kind === 'fill' && Object.is(a.data.value, b.data.value)
  if (b.data.kind === 'fill' || a.data.data.length !== b.data.data.length) return false
  const [x, y] = [a.data.data, b.data.data]
  for (let i = 0; i < x.length; i++) if (!Object.is(x[i], y[i])) return false
  return true
}

const sameValue = (a: Value | undefined, b: Value | undefined): boolean =>
  a?.id === b?.id && a?.dtype === b?.dtype && `${a?.shape}` === `${b?.shape}`

const sameNode = (a: Node, b: Node): boolean =>
  a.op === b.op &&
  a.domain === b.domain &&
  a.inputs.length === b.inputs.length &&
  a.inputs.every((value, i) => value?.id === b.inputs[i]?.id) &&
  a.outputs.length === b.outputs.length &&
  a.outputs.every((value, i) => sameValue(value, b.outputs[i])) &&
  JSON.stringify(a.attributes) === JSON.stringify(b.attributes)
