import type { FreshSizes } from '@kic/classifier'
import { KicError } from '@kic/core'
import { checkOutputFolder, withOutputLock } from '@kic/core/node'
import type { EngineChoice } from '@kic/engine'
import { type Command, Option } from 'commander'
import type { CliErrorCode } from '../error-code.ts'
import { addReadingOptions, type ReadingOptions } from '../input/reading-options.ts'
import { positiveInteger, positiveNumber } from '../parse-arguments.ts'

/** Options of every command that trains. */
export interface TrainingOptions extends FreshSizes, ReadingOptions {
  readonly output: string
  readonly from?: string
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate?: number
  readonly engine: EngineChoice
  readonly seed: number
}

/** What differs between commands that train. */
export interface TrainingCommand {
  /** Default of `--epochs`. */
  readonly epochs: number
  /** An example for `--columns`. */
  readonly columns: string
  /** The option for the output: its flags, and what is written. */
  readonly output?: readonly [flags: string, description: string]
}

/** Adds them to a command. */
export const addTrainingOptions = (
  command: Command,
  { epochs, columns, output = ['-o, --output <folder>', 'folder for the model'] }: TrainingCommand,
): Command =>
  addReadingOptions(command, columns)
    .requiredOption(...output)
    .option(
      '--from <model>',
      'start from the encoder and tokenizer of a saved model or of one on the Hugging Face Hub; default: from scratch',
    )
    .option('--epochs <n>', 'passes over the rows', positiveInteger, epochs)
    .option('--batch-size <n>', 'rows per update', positiveInteger, 64)
    .option(
      '--learning-rate <rate>',
      'peak learning rate; the default depends on --from and is printed',
      positiveNumber,
    )
    .addOption(
      new Option('--engine <name>', 'compute engine')
        .choices(['auto', 'compiled', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'])
        .default('auto'),
    )
    .option('--seed <n>', 'random seed', positiveInteger, 1)
    .option('--hidden <n>', 'from scratch: hidden size', positiveInteger, 160)
    .option('--layers <n>', 'from scratch: layers', positiveInteger, 2)
    .option('--heads <n>', 'from scratch: attention heads', positiveInteger, 2)
    .option('--vocabulary <n>', 'from scratch: vocabulary size', positiveInteger, 12_000)
    .option('--max-length <n>', 'from scratch: maximum number of tokens per text', positiveInteger, 48)

/**
 * Refuses sizes that no encoder can have, before anything is computed.
 *
 * @param caller the command, for errors
 * @throws KicError `cli/sizes`
 */
export const checkSizes = (caller: string, { from, hidden, heads }: TrainingOptions): void => {
  if (from === undefined && hidden % heads !== 0) {
    throw new KicError<CliErrorCode>(
      'cli/sizes',
      `${caller}: --hidden must be a multiple of --heads, received ${hidden} and ${heads}. Change one of them.`,
    )
  }
}

/**
 * Trains into the output folder, which no other process may write meanwhile. Sizes and output are checked first.
 *
 * @param caller the command, for errors
 * @throws KicError `core/output`, `core/locked`, `cli/sizes`, and what `work` throws
 */
export const trainInto = async <T>(
  caller: string,
  options: TrainingOptions,
  work: () => Promise<T>,
): Promise<T> => {
  checkSizes(caller, options)
  await checkOutputFolder(caller, options.output)
  return withOutputLock(caller, options.output, work)
}
