import { defined } from '@kic/core'
import { judgeRow, type Prediction, type Predictor } from '@kic/predictor'
import { loadPredictor } from '@kic/predictor/node'
import { type Expectation, expectationAt, expectedCalibrationError, validationCurve } from '@kic/scores'
import { evaluatedLabels } from '../rows/evaluated-labels.ts'
import type { LabelledRow } from '../rows/labelled-row.ts'
import { type Comparison, compareAnswers } from './compare-answers.ts'
import {
  type AnsweredRow,
  type ClassReport,
  type Confusion,
  type LevelScores,
  scoreLevel,
} from './score-level.ts'
import { type SetScores, setCounter } from './score-sets.ts'

/** A classifier's scores on labelled rows. */
export interface Evaluation {
  readonly model: string
  readonly rows: number
  /** Rows that the model could not use; they count as wrong at the levels of their labels. */
  readonly unusable: number
  /** By level name; a level without labelled rows is absent. */
  readonly levels: Readonly<Record<string, LevelScores>>
  /** Share of rows whose class is among the three most probable; absent without labels at the model's own level. */
  readonly top3?: number | undefined
  /** Expected calibration error of the model's own level (Guo et al. 2017), 15 bins; absent without labels there. */
  readonly calibrationError?: number | undefined
  /** Expected accuracy at some thresholds, on these rows. The validation curve in the model's folder is authoritative. */
  readonly expectations: readonly Expectation[]
  /** How often sets of codes have the true one, at some coverages; absent for a model without guarantees. */
  readonly sets?: readonly SetScores[] | undefined
  /** Scores of each predicted or actual class at the model's own level. */
  readonly classes: readonly ClassReport[]
  /** The most frequent confusions, at most 20. */
  readonly confusions: readonly Confusion[]
  /** How far it is above another model, if asked for. */
  readonly against?: Comparison | undefined
}

export interface EvaluateClassifierOptions {
  /** Another model, by its folder or loaded, that answers the same rows after this one. */
  readonly against?: string | Predictor | undefined
  /** Aborts the call with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

const THRESHOLDS = [0, 0.5, 0.7, 0.9]

/**
 * Evaluates a saved classifier on labelled rows: accuracy and macro-F1 at every level, scores of each class, the most frequent
 * confusions, top-3 accuracy, calibration error, the effect of review below some thresholds, what sets of codes cover, and how far it is above another model. Each level uses only
 * the rows with a label at that level.
 *
 * @param model a folder, or a loaded classifier
 * @param onRows called with the number of answered rows
 * @throws KicError `classifier/rows` for an invalid row, or if no row has a label at a level of the model, or at one that both models have; the signal's reason; as
 * `loadPredictor`
 */
export const evaluateClassifier = async (
  model: string | Predictor,
  rows: readonly LabelledRow[],
  onRows: (answered: number) => void = () => undefined,
  options: EvaluateClassifierOptions = {},
): Promise<Evaluation> => withPredictor(model, (predictor) => evaluate(predictor, rows, onRows, options))

/** Loads a model that is given by its folder, and disposes of it. */
const withPredictor = async <T>(
  model: string | Predictor,
  use: (predictor: Predictor) => Promise<T>,
): Promise<T> => {
  if (typeof model !== 'string') return use(model)
  const predictor = await loadPredictor(model)
  try {
    return await use(predictor)
  } finally {
    await predictor.dispose()
  }
}

const evaluate = async (
  predictor: Predictor,
  rows: readonly LabelledRow[],
  onRows: (answered: number) => void,
  { against, signal }: EvaluateClassifierOptions,
): Promise<Evaluation> => {
  const { levels, name } = predictor.info
  const own = levels.at(-1) ?? ''
  const labels = evaluatedLabels(rows, predictor.info)
  const answered: AnsweredRow[] = []
  const counter =
    predictor.info.calibration?.guarantees === undefined ? undefined : setCounter(predictor.info)
  const topK = counter === undefined ? CANDIDATES : predictor.info.classes.length
  for await (const { prediction } of predictor.stream(rows, { topK, signal })) {
    const row = { prediction: withFew(prediction), labels: defined(labels[answered.length]) }
    counter?.add(prediction, row.labels)
    answered.push(row)
    onRows(answered.length)
  }
  signal?.throwIfAborted()
  const comparison =
    against === undefined
      ? undefined
      : await withPredictor(against, (other) =>
          compared(other, rows, { levels, answered, onRows: (more) => onRows(rows.length + more), signal }),
        )
  const scores = levels.flatMap((level) => {
    const scored = scoreLevel(answered, level)
    return scored === undefined ? [] : [[level, scored] as const]
  })
  const finest = scores.find(([level]) => level === own)?.[1]
  const curve = validationCurve(
    levels,
    answered.map((row) => judgeRow(levels, row.prediction, row.labels)),
  )
  return {
    model: name,
    rows: rows.length,
    unusable: answered.filter(({ prediction }) => prediction.status === 'unusable').length,
    levels: Object.fromEntries(scores.map(([level, scored]) => [level, scored.scores])),
    ...confidenceScores(answered, own),
    expectations: THRESHOLDS.map((threshold) => expectationAt(curve, threshold)),
    sets: counter?.scores(),
    classes: finest?.classes ?? [],
    confusions: finest?.confusions ?? [],
    ...(comparison && { against: comparison }),
  }
}

const compared = async (
  other: Predictor,
  rows: readonly LabelledRow[],
  {
    levels,
    answered,
    onRows,
    signal,
  }: {
    readonly levels: readonly string[]
    readonly answered: readonly AnsweredRow[]
    readonly onRows: (answered: number) => void
    readonly signal: AbortSignal | undefined
  },
): Promise<Comparison> => {
  const theirs: AnsweredRow[] = []
  for await (const { prediction } of other.stream(rows, { topK: 1, signal })) {
    theirs.push({ prediction, labels: defined(answered[theirs.length]).labels })
    onRows(theirs.length)
  }
  signal?.throwIfAborted()
  const common = levels.filter((level) => other.info.levels.includes(level))
  return { model: other.info.name, levels: compareAnswers(rows, common, answered, theirs) }
}

/** Candidates of an answer that are kept. */
const CANDIDATES = 3

const withFew = (prediction: Prediction): Prediction =>
  prediction.status === 'unusable' ? prediction : { ...prediction, top: prediction.top.slice(0, CANDIDATES) }

/** Quality of the probabilities, on rows with a label at the model's own level. */
const confidenceScores = (
  answered: readonly AnsweredRow[],
  own: string,
): Pick<Evaluation, 'top3' | 'calibrationError'> => {
  const rows = answered.filter(({ labels }) => labels[own] !== undefined)
  const confident = rows.flatMap(({ prediction, labels }) =>
    prediction.status === 'unusable'
      ? []
      : [{ confidence: prediction.confidence, right: prediction.codes[own]?.code === labels[own] }],
  )
  const hits = rows.filter(
    ({ prediction, labels }) =>
      prediction.status !== 'unusable' && prediction.top.some(({ code }) => code === labels[own]),
  )
  return {
    top3: rows.length === 0 ? undefined : hits.length / rows.length,
    // One column, the confidence of the answer; the answer is right (class 0) or not.
    calibrationError:
      confident.length === 0
        ? undefined
        : expectedCalibrationError(
            confident.map(({ confidence }) => confidence),
            1,
            confident.map(({ right }) => (right ? 0 : -1)),
          ),
  }
}
