import { formatBytes } from '@kic/core'

/** Bytes that a training holds from its first step to its last. Activations, which depend on the batch, come on top. */
export interface TrainingMemory {
  /** Of all parameters, frozen ones included. */
  readonly parameters: number
  /** Of the trained parameters. */
  readonly gradients: number
  /** AdamW's two moments of each trained parameter. */
  readonly moments: number
}

/** Name and shape of a parameter. */
export interface Sized {
  readonly name: string
  readonly shape: readonly number[]
}

const FLOAT_BYTES = 4

/** Number of values in all these parameters. */
export const countParameters = (parameters: readonly Sized[]): number =>
  parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)

/**
 * What parameters, gradients and moments of a training take, in float32: frozen parameters have neither gradients nor moments.
 *
 * @param frozen default: none
 */
export const trainingMemory = (
  parameters: readonly Sized[],
  frozen: (name: string) => boolean = () => false,
): TrainingMemory => {
  const trained = FLOAT_BYTES * countParameters(parameters.filter(({ name }) => !frozen(name)))
  return { parameters: FLOAT_BYTES * countParameters(parameters), gradients: trained, moments: 2 * trained }
}

/** '1.25 GiB of parameters, 1.25 GiB of gradients, 2.5 GiB of moments'. */
export const describeMemory = ({ parameters, gradients, moments }: TrainingMemory): string =>
  `${formatBytes(parameters)} of parameters, ${formatBytes(gradients)} of gradients, ${formatBytes(moments)} of moments`
