import * as tf from '@tensorflow/tfjs'

export type DType = 'float32' | 'int32' | 'bool'

/** The axes that exported programs leave open. */
export const OPEN_AXES = ['B', 'S'] as const
export type OpenAxis = (typeof OPEN_AXES)[number]

/** A dimension: a number, or an open axis. */
export type Dimension = number | OpenAxis

export interface ProgramInput {
  readonly dtype: DType
  readonly dims: readonly Dimension[]
  /** Row-major; numbers, so that a program can be written down. */
  readonly data: readonly number[]
}

/** One operation: an expression of TensorFlow.js, in which `$0`, `$1` … are its operands. */
export interface Step {
  readonly code: string
  /** Values by number: inputs first, then the results of steps. */
  readonly args: readonly number[]
  /** Whether its result is free of rounding, on every engine. */
  readonly exact: boolean
}

/** How a value becomes part of the scalar that is differentiated. */
export interface LossTerm {
  readonly value: number
  readonly reduction: 'sum' | 'mean' | 'weighted'
}

export interface Loss {
  readonly terms: readonly LossTerm[]
  /** Numbers of the inputs that the loss is differentiated by. */
  readonly by: readonly number[]
}

/** A random program: what one finding is made of. */
export interface Program {
  readonly inputs: readonly ProgramInput[]
  readonly steps: readonly Step[]
  /** Numbers of the values that are compared. */
  readonly outputs: readonly number[]
  readonly loss?: Loss | undefined
}

/** Sizes of the open axes. */
export type Sizes = Readonly<Record<OpenAxis, number>>

/** Sizes that programs are generated at: primes, of which no other dimension is a multiple. */
export const GENERATED_AT: Sizes = { B: 13, S: 17 }

export const shapeAt = (dims: readonly Dimension[], sizes: Sizes): number[] =>
  dims.map((d) => (typeof d === 'number' ? d : sizes[d]))

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** The sizes of open axes, from the tensors of the inputs. */
export const sizesOf = (program: Pick<Program, 'inputs'>, tensors: readonly tf.Tensor[]): Sizes => {
  const sizes = { ...GENERATED_AT }
  program.inputs.forEach(({ dims }, i) => {
    dims.forEach((d, axis) => {
      if (typeof d !== 'number') sizes[d] = tensors[i]?.shape[axis] ?? 0
    })
  })
  return sizes
}

/** The text of a step with names for its operands. */
export const withOperands = (code: string, name: (operand: number) => string): string =>
  code.replace(/\$(\d)/g, (_, operand: string) => name(Number(operand)))

type Compiled = (library: typeof tf, operands: readonly tf.Tensor[], B: number, S: number) => unknown

/** Computes a step: its text is what runs, so that what is printed of a finding is what was compared. */
export const applyStep = (code: string, operands: readonly tf.Tensor[], sizes: Sizes): tf.Tensor => {
  const body = withOperands(code, (operand) => `x[${operand}]`)
  const compiled = new Function('tf', 'x', 'B', 'S', `return ${body}`) as Compiled
  const result = compiled(tf, operands, sizes.B, sizes.S)
  if (result instanceof tf.Tensor) return result
  throw new Error(`${code} is no tensor`)
}

/** All values of a program, inputs first. `after` may replace the result of a step. */
export const evaluate = (
  program: Pick<Program, 'inputs' | 'steps'>,
  inputs: readonly tf.Tensor[],
  after: (result: tf.Tensor, step: Step, index: number) => tf.Tensor = (result) => result,
): tf.Tensor[] => {
  const values = [...inputs]
  const sizes = sizesOf(program, inputs)
  program.steps.forEach((step, index) => {
    const operands = step.args.map((arg) => valueAt(values, arg))
    values.push(after(applyStep(step.code, operands, sizes), step, index))
  })
  return values
}

export const valueAt = <T>(values: readonly T[], index: number): T => {
  const value = values[index]
  if (value === undefined) throw new Error(`there is no value ${index}`)
  return value
}

/** Numbers between -1 and 1 that are no multiples of each other: weights of the elements of a loss. */
export const weightsOf = (size: number): number[] =>
  Array.from({ length: size }, (_, i) => Math.round(1000 * Math.sin(i * 2.399 + 0.7)) / 1000)

/** The scalar that a program is differentiated of. */
export const lossOf = (loss: Loss, values: readonly tf.Tensor[]): tf.Scalar =>
  loss.terms
    .map(({ value, reduction }) => {
      const y = valueAt(values, value)
      if (reduction === 'sum') return y.sum()
      if (reduction === 'mean') return y.mean()
      return y.mul(tf.tensor(weightsOf(y.size), y.shape)).sum()
    })
    .reduce((a, b) => a.add(b))
    .asScalar()
