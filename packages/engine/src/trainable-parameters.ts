import { KicError } from '@kic/core'
import type { TrainStepOptions } from './contract.ts'
import type { EngineErrorCode } from './error-code.ts'

/**
 * The names of the parameters that a training step updates.
 *
 * @throws KicError `engine/nothing-trainable`, `engine/trainable-dtype`
 */
export const trainableParameters = (
  { params, trainable }: TrainStepOptions,
  dtypeOf: (name: string) => string | undefined,
): readonly string[] => {
  const names = params.names.filter((name) => trainable?.(name) ?? true)
  if (names.length === 0) {
    throw new KicError<EngineErrorCode>(
      'engine/nothing-trainable',
      'trainStep: at least one parameter must be trainable, received none. Change options.trainable.',
    )
  }
  for (const name of names) {
    const dtype = dtypeOf(name)
    if (dtype === 'float32') continue
    throw new KicError<EngineErrorCode>(
      'engine/trainable-dtype',
      `trainStep: a trainable parameter must be float32, received "${name}" of type ${dtype}. Cast it or freeze it.`,
    )
  }
  return names
}
