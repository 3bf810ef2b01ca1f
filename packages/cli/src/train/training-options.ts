import type { EngineChoice } from '@kic/engine'
import { type Command, Option } from 'commander'
import { positiveInteger, positiveNumber } from '../parse-arguments.ts'
import type { FreshSizes } from './starting-point.ts'

/** Options of every command that trains. */
export interface TrainingOptions extends FreshSizes {
  readonly output: string
  readonly from?: string
  readonly columns?: Readonly<Record<string, string>>
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  readonly engine: EngineChoice
  readonly seed: number
}

/** Adds them to a command, with its own defaults for the length and speed of training. */
export const addTrainingOptions = (
  command: Command,
  defaults: { readonly epochs: number; readonly learningRate: number },
): Command =>
  command
    .requiredOption('-o, --output <folder>', 'where the model goes')
    .option('--from <folder>', 'begin with the encoder and tokenizer of a saved model; default: from scratch')
    .option('--epochs <n>', 'passes over the rows', positiveInteger, defaults.epochs)
    .option('--batch-size <n>', 'rows of an update', positiveInteger, 64)
    .option('--learning-rate <rate>', 'at its peak', positiveNumber, defaults.learningRate)
    .addOption(
      new Option('--engine <name>', 'what computes')
        .choices(['auto', 'compiled', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'])
        .default('auto'),
    )
    .option('--seed <n>', 'repeats a run', positiveInteger, 1)
    .option('--hidden <n>', 'from scratch: hidden size', positiveInteger, 160)
    .option('--layers <n>', 'from scratch: layers', positiveInteger, 2)
    .option('--heads <n>', 'from scratch: attention heads', positiveInteger, 2)
    .option('--vocabulary <n>', 'from scratch: pieces of the vocabulary', positiveInteger, 12_000)
    .option('--max-length <n>', 'from scratch: longest row of tokens', positiveInteger, 48)
