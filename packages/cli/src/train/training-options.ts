import { KicError } from '@kic/core'
import { checkOutputFolder, withOutputLock } from '@kic/core/node'
import type { EngineChoice } from '@kic/engine'
import { type Command, Option } from 'commander'
import { shortTexts } from '../default-classification.ts'
import type { CliErrorCode } from '../error-code.ts'
import { addReadingOptions, type ReadingOptions } from '../input/reading-options.ts'
import { positiveInteger, positiveNumber } from '../parse-arguments.ts'

/** Sizes of an encoder that is trained from scratch, as far as they are given. */
export interface SizeOptions {
  readonly reading?: 'words' | 'characters'
  readonly hidden?: number
  readonly layers?: number
  readonly heads?: number
  readonly vocabulary?: number
  readonly maxLength?: number
}

/** Options of every command that trains. */
export interface TrainingOptions extends SizeOptions, ReadingOptions {
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
        .choices(['auto', 'compiled', 'webgpu', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'])
        .default('auto'),
    )
    .option('--seed <n>', 'random seed', positiveInteger, 1)
    .addOption(
      new Option(
        '--reading <what>',
        `from scratch: words reads pieces of words; characters reads characters and their n-grams, without spacing and punctuation; default: characters for ${shortTexts}, words for others`,
      ).choices(['words', 'characters']),
    )
    .option(
      '--hidden <n>',
      `from scratch: hidden size; ${byReading(HIDDEN.words, HIDDEN.characters)}`,
      positiveInteger,
    )
    .option('--layers <n>', `from scratch: layers; ${byReading(2, 1)}`, positiveInteger)
    .option('--heads <n>', 'from scratch: attention heads; default: 2', positiveInteger)
    .option('--vocabulary <n>', 'from scratch: vocabulary size; default: 12000', positiveInteger)
    .option(
      '--max-length <n>',
      `from scratch: maximum number of tokens per text; ${byReading(48, 64)}`,
      positiveInteger,
    )

/** The default hidden size by reading. */
const HIDDEN = { words: 160, characters: 128 }

const byReading = (words: number, characters: number): string =>
  `default: ${words} for words, ${characters} for characters`

/** The sizes that are given, for `parseEncoderSizes`. */
export const givenSizes = ({
  reading,
  hidden,
  layers,
  heads,
  vocabulary,
  maxLength,
}: SizeOptions): SizeOptions => {
  const sizes = { reading, hidden, layers, heads, vocabulary, maxLength }
  return Object.fromEntries(Object.entries(sizes).filter(([, value]) => value !== undefined))
}

/**
 * Refuses sizes that no encoder can have, or that a given one has already, before anything is computed.
 *
 * @param caller the command, for errors
 * @throws KicError `cli/sizes`
 */
export const checkSizes = (caller: string, options: TrainingOptions): void => {
  const { from, reading, ...given } = options
  const [needless] = from === undefined ? [] : Object.keys(givenSizes(options))
  if (needless !== undefined) {
    const option = needless.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    throw new KicError<CliErrorCode>(
      'cli/sizes',
      `${caller}: --${option} is for a model from scratch, received it with --from ${from}, which has its own. Leave one of them out.`,
    )
  }
  const { heads = 2 } = given
  // A reading that is not given is chosen later, by the texts.
  const readings = reading === undefined ? (['words', 'characters'] as const) : [reading]
  const possible = readings.map((one) => given.hidden ?? HIDDEN[one])
  if (from === undefined && possible.every((hidden) => hidden % heads !== 0)) {
    throw new KicError<CliErrorCode>(
      'cli/sizes',
      `${caller}: --hidden must be a multiple of --heads, received ${possible[0]} and ${heads}. Change one of them.`,
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
