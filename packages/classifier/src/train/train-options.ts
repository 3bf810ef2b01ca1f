import type { Classification } from '@kic/classification'
import type { ProgressTarget } from '@kic/core'
import type { TextPreparation } from '@kic/data/prepare'
import type { Engine, EngineChoice } from '@kic/engine'
import type { Script } from '@kic/predictor'
import type { TrainCallbacks } from '@kic/trainer'
import type { RunRecord } from '@kic/trainer/node'
import type { ClassifierLoss, LossName } from '../fit/classifier-loss.ts'
import type { LabelledRow, TextRow } from '../rows/labelled-row.ts'
import {
  type ClassifierConfig,
  type ClassifierConfigInput,
  parseClassifierConfig,
} from './classifier-config.ts'

/** Options of a training: the config's keys, all optional, and objects that JSON cannot represent. */
export interface ClassifierOptions extends Omit<ClassifierConfigInput, 'loss'> {
  /** A name of `@kic/losses`, or a function. */
  readonly loss?: LossName | ClassifierLoss | undefined
  /** The classification of the labels; default: plain names on one level. */
  readonly classification?: Classification | undefined
  /** Texts without labels, which are learned from the teacher alone. */
  readonly unlabelledRows?: readonly TextRow[] | undefined
  /** How texts are prepared; default: as for the model that training starts from, else `defaultPreparation`. */
  readonly preparation?: TextPreparation | undefined
  /** Default: `auto`, the fastest engine of this machine. One that is given is not disposed of. */
  readonly engine?: Engine | EngineChoice | undefined
  /** Default: standard error; `none` says nothing. */
  readonly progress?: ProgressTarget | 'none' | undefined
  /** Loggers, such as `jsonLines`, `tensorBoard` and `wandb` of `@kic/trainer/node`. */
  readonly callbacks?: readonly TrainCallbacks[] | undefined
  /** Ends the training with a checkpoint. The call throws the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

export interface TrainClassifierOptions extends ClassifierOptions {
  /** The model's folder. During training, checkpoints are in `<output>.training`. */
  readonly output: string
  /** Rows for validation and calibration, instead of a share of the others. */
  readonly validationRows?: readonly LabelledRow[] | undefined
  /** Discards an interrupted training. Default: it resumes. */
  readonly restart?: boolean | undefined
  /**
   * The script of most texts; the model then rejects texts in other scripts, unless one in a hundred training texts is in
   * another. Default: any.
   */
  readonly script?: Script | undefined
  /** The language of the texts, as a BCP 47 tag such as `en`, for the model card. */
  readonly language?: string | undefined
  /** A description of the rows, for the model's card and calibration; default: `rows`. */
  readonly describedAs?: string | undefined
  /** Writes more files into the model's folder before it appears. */
  readonly files?: ((folder: string) => Promise<void>) | undefined
  /** The source of the rows, as JSON, for `run.json`. */
  readonly source?: unknown
  /** A run to repeat: other rows are refused, and the parameters are compared. */
  readonly repeats?: RunRecord | undefined
}

/** Options that are not part of a config. */
const RUNTIME: ReadonlySet<string> = new Set<keyof TrainClassifierOptions>([
  'classification',
  'unlabelledRows',
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
 * The config part of options, with defaults.
 *
 * @param more names of further options that are not part of it
 * @throws KicError `trainer/config` for invalid values and unknown keys
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
