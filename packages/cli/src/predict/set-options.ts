import type { PredictorInfo, SetOptions } from '@kic/predictor'
import { codeSets } from '@kic/predictor'
import { type Command, InvalidArgumentError } from 'commander'
import { share } from '../parse-arguments.ts'

/** Options of commands that may add sets of codes. */
export interface SetCommandOptions {
  readonly coverage?: number
  readonly classConditional?: boolean
  readonly exactCoverage?: boolean
}

/** Adds them to a command. */
export const addSetOptions = (command: Command): Command =>
  command
    .option(
      '--coverage <share>',
      'add the codes among which the true one is so often, for each level: columns such as group_set',
      share,
    )
    .option('--class-conditional', 'with --coverage: cover each code so often; sets are larger')
    .option(
      '--exact-coverage',
      'with --coverage: allow empty sets; otherwise sets have the answer, which alone may be right more often',
    )

/** @throws InvalidArgumentError for options about `--coverage` without it, and for 0, which any set covers */
export const checkSetOptions = ({ coverage, classConditional, exactCoverage }: SetCommandOptions): void => {
  if (coverage === undefined && (classConditional === true || exactCoverage === true))
    throw new InvalidArgumentError('--class-conditional and --exact-coverage are about --coverage. Set it.')
  if (coverage === 0)
    throw new InvalidArgumentError(
      '--coverage must be above 0, and at most 1. Set it to a share such as 0.9.',
    )
}

/**
 * The sets that are asked for, if any.
 *
 * @throws KicError `predictor/no-guarantees` for a model that guarantees nothing
 */
export const setsOf = (
  info: PredictorInfo,
  { coverage, classConditional, exactCoverage }: SetCommandOptions,
): SetOptions | undefined => {
  if (coverage === undefined) return undefined
  codeSets(info)
  return { coverage, classConditional, exactCoverage }
}
