import { isKicError, KicError } from '@kic/core'
import type { EngineErrorCode } from './error-code.ts'
import { callingLine, isTensorFlow } from './record/calling-line.ts'

/** Enough frames to reach user code from inside TensorFlow.js's autodiff. */
export const STACK_DEPTH = 60
/** Names that a message lists at most. */
const LISTED = 12

/** The inputs of a tensor function, by name. */
export type Given = readonly {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
}[]

/**
 * Explains an error that TensorFlow.js threw for an operand of a tensor function: adds the line of user code and the
 * function's inputs. All other errors are returned unchanged.
 *
 * @returns KicError `engine/missing-tensor` if an operand was undefined, such as a missing parameter, otherwise
 * `engine/operation`
 */
export const refusedOperation = (caller: string, error: unknown, given: Given): unknown => {
  if (isKicError(error) || !(error instanceof Error) || !isOfTensorFlow(error)) return error
  const missing = /must be a Tensor or TensorLike, but got '(undefined|null)'/.test(error.message)
  const listed = given.slice(0, LISTED).map(({ name, dtype, shape }) => `${name} ${dtype}[${shape}]`)
  if (given.length > LISTED) listed.push(`and ${given.length - LISTED} more`)
  return new KicError<EngineErrorCode>(
    missing ? 'engine/missing-tensor' : 'engine/operation',
    `${caller}: operands must suit their TensorFlow.js operation, received an error (at ${callingLine(error)}): ` +
      `${error.message.replace(/[.\s]+$/, '')}. ` +
      (missing ? 'Check the name of the parameter or input that was read. ' : `${hintFor(error)} `) +
      `The function's inputs were ${listed.join(', ') || 'empty'}.`,
    { cause: error },
  )
}

const hintFor = ({ message }: Error): string =>
  /Error in gradient for op fusedMatMul/.test(message)
    ? 'TensorFlow.js does not sum the gradient of a fused product over broadcast axes. Call tf.matMul, ' +
      'whose gradient does so here, or reshape [B, S, H] to [B · S, H] first.'
    : 'Check the shapes of its operands.'

/** The result of `body`; `refusedOperation` explains its errors. */
export const withRefusals = <T>(caller: string, given: () => Given, body: () => T): T => {
  const stackDepth = Error.stackTraceLimit
  Error.stackTraceLimit = STACK_DEPTH
  try {
    return body()
  } catch (error) {
    throw refusedOperation(caller, error, given())
  } finally {
    Error.stackTraceLimit = stackDepth
  }
}

/** The descriptions of tensors or host tensors by name. */
export const givenOf = (
  tensors: Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[] }>>,
): Given => Object.entries(tensors).map(([name, { dtype, shape }]) => ({ name, dtype, shape }))

/** Whether the code that threw is part of TensorFlow.js. */
const isOfTensorFlow = (error: Error): boolean => {
  const thrower = (error.stack ?? '').split('\n').find((line) => /^\s*at /.test(line))
  return thrower !== undefined && isTensorFlow(thrower)
}
