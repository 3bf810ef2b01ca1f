import type { BudgetName } from '@kic/ensemble'
import type { Precision } from '@kic/predictor'
import { InvalidArgumentError } from 'commander'
import type { OutputFormat, OutputOptions } from '../answers/answer-output.ts'
import type { ReadingOptions } from '../input/reading-options.ts'
import { checkSetOptions, type SetCommandOptions } from './set-options.ts'

/** Options of `kic predict`. */
export interface PredictCommandOptions extends ReadingOptions, OutputOptions, SetCommandOptions {
  readonly input?: readonly string[]
  readonly format: 'auto' | 'lines'
  readonly keepColumns?: boolean
  readonly model?: string
  readonly precision?: Precision
  readonly budget?: BudgetName
  readonly top: number
  readonly reviewBelow?: number
  readonly targetAccuracy?: number
  readonly confidence?: number
  readonly expectedAccuracy?: number
  readonly explain?: boolean
  readonly record?: string
}

/**
 * Checks what options demand of each other.
 *
 * @param fromFiles whether the rows come from files or standard input; otherwise they are the arguments
 * @throws InvalidArgumentError
 */
export const checkPredictOptions = (
  options: PredictCommandOptions,
  format: OutputFormat,
  fromFiles: boolean,
): void => {
  const { explain, record, output } = options
  if (explain === true && format !== 'words' && format !== 'json')
    throw new InvalidArgumentError(
      '--explain has no columns. Write JSON, with --json or an output that ends in .jsonl.',
    )
  if (record !== undefined && (output === undefined || !fromFiles))
    throw new InvalidArgumentError('--record is about files. Set --input and --output too.')
  checkSetOptions(options)
  if (options.confidence !== undefined && options.targetAccuracy === undefined)
    throw new InvalidArgumentError('--confidence is about --target-accuracy. Set it.')
}
