import type { BestMetric } from '@kic/trainer'
import { classifierError } from '../classifier-error.ts'
import type { LabelledRow } from '../rows/labelled-row.ts'
import { chooseRate } from '../start/learning-rate.ts'
import { savedConfig } from '../start/saved-classifier.ts'
import { startingFolder } from '../start/starting-folder.ts'
import { teacherAnswers } from '../teacher/teacher-answers.ts'
import { withTeacher } from '../teacher/with-teacher.ts'
import { type ClassifierConfig, parseClassifierConfig } from '../train/classifier-config.ts'
import { fingerprintOf } from '../train/describe-run.ts'
import { divideTask, prepareTask, startingConfig } from '../train/make-task.ts'
import { progressOutput } from '../train/progress-output.ts'
import { type ClassifierOptions, configOf } from '../train/train-options.ts'
import { openTrainingFolder } from '../train/training-folder.ts'
import { withEngine } from '../train/with-engine.ts'
import { checkRanking } from './check-ranking.ts'
import { halvingRungs } from './halving.ts'
import { runRungs } from './run-rungs.ts'
import { lengthOf, runTrial, shortened } from './run-trial.ts'
import { type DrawnValues, defaultSpace, drawTrials, parseSpace, withValues } from './search-space.ts'
import { storedScores } from './stored-scores.ts'
import type { SearchResult, Trial } from './trial.ts'

export interface SearchOptions extends ClassifierOptions {
  /** Choices or a range for keys of the config; default: rate, batch size, and from scratch the encoder's sizes. */
  readonly space?: unknown
  /** The number of configs, all different; default 9. */
  readonly trials?: number | undefined
  /** `halving` (default) trains all configs briefly and the best ones longer; `random` trains all to the end. */
  readonly strategy?: 'halving' | 'random' | undefined
  /** The metric on the validation rows; default: accuracy. */
  readonly metric?: BestMetric | undefined
  /** Validation rows, instead of a share of the others. */
  readonly validationRows?: readonly LabelledRow[] | undefined
  /** Stores scores and checkpoints here, so that the same call resumes. The caller removes it. Default: nothing is stored. */
  readonly folder?: string | undefined
  /** Discards what is in the folder. */
  readonly restart?: boolean | undefined
}

/** Keys that all trials share, because they belong to the task or to the model's folder. */
const SHARED = [
  'level',
  'validation',
  'from',
  'teacher',
  'export',
  'calibrate',
  'baseline',
  'keepExamples',
  'textHashes',
  'checkpoints',
  'evaluate',
]

/**
 * Searches for a config: draws configs from a space, trains them on the same rows, and ranks them on the same validation
 * rows. The seed determines the draws. The best score is the best of many, so it is too optimistic: evaluate the config on
 * other rows.
 *
 * @throws KicError `classifier/space`, `classifier/metric`, and as `trainClassifier`
 */
export const search = async (
  rows: readonly LabelledRow[],
  options: SearchOptions = {},
): Promise<SearchResult> => {
  const { trials = 9, strategy = 'halving', metric = { metric: 'accuracy', mode: 'max' } } = options
  const config = configOf(options, ['space', 'trials', 'strategy', 'metric', 'folder'])
  checkRanking({ trials, strategy, metric })
  const output = progressOutput(options.progress)
  const from = await startingFolder(config.from, output)
  const hidden = from === undefined ? undefined : (await savedConfig(from))?.hidden_size
  const space =
    options.space === undefined
      ? defaultSpace(chooseRate(config.learningRate, hidden).learningRate, config)
      : parseSpace(options.space)
  const loss = typeof options.loss === 'function' ? options.loss : undefined
  const drawn = drawTrials(space, config.seed, trials)
  const configs = drawn.map((values) =>
    trialConfig(config, values, loss === undefined ? SHARED : [...SHARED, 'loss']),
  )
  const { prepared, task, place, answers } = await withTeacher(config.teacher, async (teacher) => {
    const named = options.validationRows
    const prepared = await prepareTask(rows, options, { ...config, from }, output, named, teacher)
    const task = divideTask(prepared, config, options.validationRows)
    const { config: described, ...inputs } = await fingerprintOf(config, from, task, options, teacher)
    const fingerprint = { config: { ...described, space, trials, strategy, metric }, ...inputs }
    const place =
      options.folder === undefined
        ? undefined
        : await openTrainingFolder('search', options.folder, fingerprint, options.restart)
    const storing = { folder: place?.path, output, signal: options.signal }
    return { prepared, task, place, answers: teacher && (await teacherAnswers(teacher, task, storing)) }
  })
  const stored = storedScores(place)
  const untried = drawn.map((values, number): Trial => ({ number, values, scores: [] }))
  const rungs = strategy === 'halving' ? halvingRungs(drawn.length) : [{ trials: drawn.length, share: 1 }]
  const all = await withEngine(options.engine, (engine) =>
    runRungs(untried, rungs, metric.mode, async ({ number }, share) => {
      const part = shortened(configs[number] ?? config, share)
      const name = `trial-${number + 1}-of-${lengthOf(part)}`
      const known = await stored.load(name)
      if (known !== undefined) return known
      const score = await runTrial(metric.metric, task, startingConfig(part, from, prepared), {
        engine,
        answers,
        loss,
        checkpoints: place?.checkpoints(name, config.checkpoints),
        callbacks: options.callbacks,
        signal: options.signal,
        output,
        label: `trial ${number + 1} of ${drawn.length}`,
      })
      await stored.save(name, score)
      output.say(
        `trial ${number + 1}: ${metric.metric} ${score.score?.toFixed(4) ?? `none. ${score.failure ?? ''}`}`,
      )
      return score
    }),
  )
  const [best] = all
  const bestConfig = best && configs[best.number]
  if (best === undefined || bestConfig === undefined || best.scores.at(-1)?.score === null) {
    throw classifierError(
      'classifier/space',
      `search: at least one config must train to the end, received ${drawn.length} that all failed. The first error: ` +
        `${best?.scores.at(-1)?.failure ?? 'no score'} Search another space.`,
    )
  }
  return { ...metric, trials: all, best, config: bestConfig }
}

const trialConfig = (
  config: ClassifierConfig,
  values: DrawnValues,
  sharedKeys: readonly string[],
): ClassifierConfig => {
  const shared = Object.keys(values).find((key) => sharedKeys.includes(key.split('.')[0] ?? ''))
  if (shared === undefined) return parseClassifierConfig(withValues(config, values))
  throw classifierError(
    'classifier/space',
    `search: ${shared} is the same for all trials, received a space for it. Leave it out, and set it in the config.`,
  )
}
