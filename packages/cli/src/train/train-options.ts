import type { LossName } from '@kic/classifier'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { positiveInteger, positiveNumber, share } from '../parse-arguments.ts'
import { LABEL_CHOICES, type LabelChoice } from './label-set.ts'
import { addTrainingOptions, type TrainingCommand, type TrainingOptions } from './training-options.ts'

/** Options of commands that train classifiers. */
export interface TaskOptions extends TrainingOptions {
  readonly config?: string
  readonly validation?: string[]
  readonly level?: string
  readonly labels: LabelChoice
  readonly head?: string
  readonly freshHead?: boolean
  readonly lora?: number
  readonly loss?: LossName
  readonly classWeights?: 'balanced' | Readonly<Record<string, number>>
  readonly teacher?: string
  readonly unlabelled?: string[]
  readonly teacherWeight?: number
  readonly temperature?: number
  readonly earlyStopping?: number
  /** Of `kic train` alone. */
  readonly keepExamples?: boolean
  /** Of `kic train` alone. */
  readonly textHashes?: boolean
  readonly generated: number
  readonly maxRows?: number
  readonly restart?: boolean
  readonly json?: boolean
}

/** Options of `kic train`. */
export interface TrainOptions extends TaskOptions {
  readonly folds?: number
  readonly log?: string
  readonly tensorboard?: string
  readonly wandb?: string
}

const LOSSES = [
  'cross-entropy',
  'accuracy',
  'expected-accuracy',
  'focal',
  'r-drop',
  'hierarchical',
] as const satisfies readonly LossName[]

/** 'balanced', or 'sport=2,politics=0.5' as weights by name. */
export const classWeights = (text: string): 'balanced' | Readonly<Record<string, number>> => {
  if (text === 'balanced') return text
  const pairs = text.split(',').map((pair) => {
    const at = pair.lastIndexOf('=')
    const weight = Number(pair.slice(at + 1))
    if (at < 1 || pair.slice(at + 1).trim() === '' || !(weight >= 0 && Number.isFinite(weight)))
      throw new InvalidArgumentError("It must be balanced, or look like 'sport=2,politics=0.5'.")
    return [pair.slice(0, at).trim(), weight] as const
  })
  return Object.fromEntries(pairs)
}

/** Adds the options of commands that train classifiers. */
export const addTaskOptions = (command: Command, output?: TrainingCommand['output']): Command =>
  addTrainingOptions(command, {
    epochs: 3,
    columns: 'text=Description,label=Category',
    ...(output && { output }),
  })
    .option(
      '--config <file>',
      'JSON config, or the run.json of a run to repeat; other options override its values',
    )
    .option(
      '--validation <files...>',
      'labelled rows for validation and calibration; default: a tenth of the training rows',
    )
    .option('--level <name>', 'level whose codes are the classes; default: the finest')
    .addOption(
      new Option(
        '--labels <kind>',
        'codes: codes of the classification; own: your own labels, in one column; auto: detect',
      )
        .choices(LABEL_CHOICES)
        .default('auto'),
    )
    .option(
      '--head <name>',
      'standard, mean, ngram, or NAME for an installed @kic/heads-NAME; default: the head of the classifier in --from, or ngram if the model reads characters, or mean',
    )
    .option('--fresh-head', 'with --from: replace the head of a saved classifier even if it has all classes')
    .option(
      '--lora <rank>',
      'with --from: train adapters of this rank (LoRA) beside frozen weights, with less memory; the saved model has them merged, and adapter/ has them alone',
      positiveInteger,
    )
    .addOption(new Option('--loss <name>', 'loss function; default: cross-entropy').choices(LOSSES))
    .option(
      '--class-weights <weights>',
      'weights of classes in the loss: balanced, or sport=2,politics=0.5',
      classWeights,
    )
    .option(
      '--teacher <folder>',
      'model or ensemble from whose probabilities the model learns, too: it must answer with the same classes',
    )
    .option(
      '--unlabelled <files...>',
      'with --teacher: texts without labels, in any format that kic predict reads; without files, they alone are learned from',
    )
    .option('--teacher-weight <share>', 'share of the teacher in the loss; default: 0.5', share)
    .option(
      '--temperature <t>',
      'softens the probabilities of teacher and student; default: 2',
      positiveNumber,
    )
    .option(
      '--early-stopping <n>',
      'stop after n evaluations (epochs) without better accuracy; keeps the best parameters',
      positiveInteger,
    )
    .option(
      '--generated <n>',
      'without files and --unlabelled: number of generated rows',
      positiveInteger,
      60_000,
    )
    .option(
      '--max-rows <n>',
      'train on a random sample of at most n rows, drawn with --seed',
      positiveInteger,
    )
    .option('--restart', 'discard an interrupted run; by default it resumes')
    .option('--json', 'print one JSON object instead of text')

/** Adds the options of `kic train`. */
export const addTrainOptions = (command: Command): Command =>
  addTaskOptions(command)
    .option(
      '--folds <n>',
      'cross-validate first: predict every row with a model trained on the other folds; writes out-of-fold.csv',
      positiveInteger,
    )
    .option(
      '--keep-examples',
      'keep the training texts in the model’s folder, so that kic predict --explain shows the nearest ones; whoever has the folder can read them',
    )
    .option(
      '--no-text-hashes',
      'keep no hashes of the training texts in the model’s folder; kic calibrate then cannot notice rows of the training',
    )
    .option('--log <file>', 'append steps and evaluations as JSON lines')
    .option('--tensorboard <folder>', 'write event files for TensorBoard')
    .option('--wandb <project>', 'report to Weights & Biases; WANDB_MODE=offline keeps a file in wandb/')
