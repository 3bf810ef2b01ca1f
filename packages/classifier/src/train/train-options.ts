import type { Classification } from '@kic/classification'
import type { TextPreparation } from '@kic/data/prepare'
import type { Engine, EngineChoice } from '@kic/engine'
import type { Script } from '@kic/predictor'
import type { TrainCallbacks } from '@kic/trainer'
import type { RunRecord } from '@kic/trainer/node'
import type { ClassifierLoss, LossName } from '../fit/classifier-loss.ts'
import type { LabelledRow } from '../rows/labelled-row.ts'
import {
  type ClassifierConfig,
  type ClassifierConfigInput,
  parseClassifierConfig,
} from './classifier-config.ts'

/** Where progress is shown. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** How to train and on what, beside the rows: a config, of which every key may be left out, and what JSON cannot hold. */
export interface ClassifierOptions extends Omit<ClassifierConfigInput, 'loss'> {
  /** A name of `@kic/losses`, or a function. */
  readonly loss?: LossName | ClassifierLoss | undefined
  /** What the labels are codes of; default: names of their own, on one level. */
  readonly classification?: Classification | undefined
  /** How texts are prepared; default: as for the model that training begins with, or else as everywhere. */
  readonly preparation?: TextPreparation | undefined
  /** Default: `auto`, the fastest engine of this machine. One that is given is not disposed of. */
  readonly engine?: Engine | EngineChoice | undefined
  /** Default: standard error; `none` says nothing. */
  readonly progress?: ProgressStream | 'none' | undefined
  /** Loggers, such as `jsonLines`, `tensorBoard` and `wandb` of `@kic/trainer/node`. */
  readonly callbacks?: readonly TrainCallbacks[] | undefined
  /** Ends the training with a checkpoint, and the call with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

export interface TrainClassifierOptions extends ClassifierOptions {
  /** Where the model goes. While it is trained, its checkpoints are in `<output>.training`. */
  readonly output: string
  /** Rows to validate and calibrate by, in place of a share of the others. */
  readonly validationRows?: readonly LabelledRow[] | undefined
  /** Discards what an interrupted training left. Default: it is resumed. */
  readonly restart?: boolean | undefined
  /** The writing of the texts; the model then calls texts in other writings unusable. Default: any. */
  readonly script?: Script | undefined
  /** The language of the texts, as a BCP 47 tag such as `en`, for the model card. */
  readonly language?: string | undefined
  /** The rows in words, for people who read the model's folder; default: `rows`. */
  readonly describedAs?: string | undefined
  /** Writes more files into the model's folder before it appears. */
  readonly files?: ((folder: string) => Promise<void>) | undefined
  /** Where the rows are from, as JSON, for `run.json`. */
  readonly source?: unknown
  /** The `run.json` of a run that this one repeats: other rows are refused, and the parameters are compared. */
  readonly repeats?: RunRecord | undefined
}

/** Options that are no part of a config. */
const RUNTIME: ReadonlySet<string> = new Set<keyof TrainClassifierOptions>([
  'classification',
  'preparation',
  'engine',
  'progress',
  'callbacks',
  'signal',
  'output',
  'validationRows',
  'restart',
  'script',
  'language',
  'describedAs',
  'files',
  'source',
  'repeats',
])

/**
 * The config among options, with its defaults.
 *
 * @param more further names of options that are no part of it
 * @throws KicError `trainer/config` naming what is wrong, and keys that are unknown
 */
export const configOf = <O extends ClassifierOptions>(
  { loss, ...options }: O,
  more: readonly Exclude<keyof O & string, keyof TrainClassifierOptions>[] = [],
): ClassifierConfig => {
  const others = new Set<string>(more)
  const config = Object.entries(options).filter(([key]) => !RUNTIME.has(key) && !others.has(key))
  return parseClassifierConfig({
    ...Object.fromEntries(config),
    loss: typeof loss === 'string' ? loss : undefined,
  })
}
