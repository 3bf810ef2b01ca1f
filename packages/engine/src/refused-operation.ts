import { isKicError, KicError } from '@kic/core'
import { callingLine, isTensorFlow } from './record/calling-line.ts'

/** Deep enough to reach user code from inside TensorFlow.js's autodiff. */
export const STACK_DEPTH = 60
/** Names that a message lists at most. */
const LISTED = 12

/** What a tensor function was given, by name. */
export type Given = readonly {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
}[]

/**
 * Explains an error that TensorFlow.js threw for the operands of a tensor function: the line of user code, and what the
 * function had been given. All other errors come back as they are.
 *
 * @returns KicError `engine/missing-tensor` where an operand was undefined, as of a parameter that is not there, else
 *   `engine/operation`
 */
export const refusedOperation = (caller: string, error: unknown, given: Given): unknown => {
  if (isKicError(error) || !(error instanceof Error) || !isOfTensorFlow(error)) return error
  const missing = /must be a Tensor or TensorLike, but got '(undefined|null)'/.test(error.message)
  const listed = given.slice(0, LISTED).map(({ name, dtype, shape }) => `${name} ${dtype}[${shape}]`)
  if (given.length > LISTED) listed.push(`and ${given.length - LISTED} more`)
  return new KicError(
    missing ? 'engine/missing-tensor' : 'engine/operation',
    `${caller}: TensorFlow.js refuses an operation of the tensor function (at ${callingLine(error)}): ` +
      `${error.message.replace(/[.\s]+$/, '')}. ` +
      (missing ? 'Is there a parameter or input of the name that was read? ' : `${hintFor(error)} `) +
      `The function was given ${listed.join(', ') || 'nothing'}.`,
    { cause: error },
  )
}

const hintFor = ({ message }: Error): string =>
  /Error in gradient for op fusedMatMul/.test(message)
    ? 'TensorFlow.js sums no gradient of a fused product over axes that an operand was broadcast along: call tf.matMul, ' +
      'which has that gradient here, or reshape [B, S, H] to [B · S, H] first.'
    : 'Are their shapes as they should be?'

/** What `body` gives, its errors explained by `refusedOperation`. */
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

/** The description of tensors by name, or of host tensors. */
export const givenOf = (
  tensors: Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[] }>>,
): Given => Object.entries(tensors).map(([name, { dtype, shape }]) => ({ name, dtype, shape }))

/** Whether the code that threw is TensorFlow.js's. */
const isOfTensorFlow = (error: Error): boolean => {
  const thrower = (error.stack ?? '').split('\n').find((line) => /^\s*at /.test(line))
  return thrower !== undefined && isTensorFlow(thrower)
}
