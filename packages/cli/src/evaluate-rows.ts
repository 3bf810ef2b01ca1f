import { judgeRow, type LabelledText, type Prediction, type Predictor } from '@kic/predictor'
import type { Expectation } from '@kic/scores'

/** A model's scores at one level. */
export interface LevelScores {
  /** Rows with a label at this level, which the scores are based on. */
  readonly rows: number
  readonly accuracy: number
  readonly macroF1: number
}

/** A model's scores on labelled rows. */
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
}

const THRESHOLDS = [0, 0.5, 0.7, 0.9]

interface Answered {
  readonly prediction: Prediction
  readonly labels: LabelledText['labels']
}

/**
 * Accuracy and macro-F1 at every level, top-3 accuracy, calibration error, and the effect of review below some thresholds.
 * Each level uses only the rows with a label at that level.
 */
export const evaluateRows = async (
  predictor: Predictor,
  rows: readonly LabelledText[],
  progress: (rows: number) => void = () => undefined,
): Promise<Evaluation> => {
  const { classificationScores, expectationAt, expectedCalibrationError, validationCurve } = await import(
    '@kic/scores'
  )
  const { levels, name } = predictor.info
  const own = levels.at(-1) ?? ''
  const answered: Answered[] = []
  for await (const prediction of predictor.stream(rows.map(({ text }) => text))) {
    answered.push({ prediction, labels: rows[answered.length]?.labels ?? {} })
    progress(answered.length)
  }
  const labelledAt = (level: string): readonly Answered[] =>
    answered.filter(({ labels }) => labels[level] !== undefined)
  const scores = levels.flatMap((level) => {
    const judged = labelledAt(level)
    if (judged.length === 0) return []
    const { found, actual } = numbered(judged, level)
    const { accuracy, perClass } = classificationScores(found, actual)
    const classes = perClass.filter(({ label }) => label !== NO_CODE)
    const macroF1 = classes.reduce((sum, { f1 }) => sum + f1, 0) / classes.length
    return [[level, { rows: judged.length, accuracy, macroF1 }] as const]
  })
  const curve = validationCurve(
    levels,
    answered.map(({ prediction, labels }) => judgeRow(levels, prediction, labels)),
  )
  const ownRows = labelledAt(own)
  const confident = ownRows.flatMap(({ prediction, labels }) =>
    prediction.status === 'unusable'
      ? []
      : [{ confidence: prediction.confidence, right: prediction.codes[own]?.code === labels[own] }],
  )
  return {
    model: name,
    rows: rows.length,
    unusable: answered.filter(({ prediction }) => prediction.status === 'unusable').length,
    levels: Object.fromEntries(scores),
    top3: ownRows.length === 0 ? undefined : ownRows.filter((row) => isHit(row, own)).length / ownRows.length,
    // One column, the confidence of the answer; the answer is right (class 0) or not.
    calibrationError:
      confident.length === 0
        ? undefined
        : expectedCalibrationError(
            confident.map(({ confidence }) => confidence),
            1,
            confident.map(({ right }) => (right ? 0 : -1)),
          ),
    expectations: THRESHOLDS.map((threshold) => expectationAt(curve, threshold)),
  }
}

/** The number of a text without a code. It is not a class, so the text counts as wrong and adds no class. */
const NO_CODE = -1

/** Predicted and actual codes of rows with a label at a level, as numbers. */
const numbered = (judged: readonly Answered[], level: string) => {
  const numbers = new Map<string, number>()
  const numberOf = (code: string): number => {
    const known = numbers.get(code) ?? numbers.size
    numbers.set(code, known)
    return known
  }
  return {
    actual: judged.map(({ labels }) => numberOf(labels[level] ?? '')),
    found: judged.map(({ prediction }) => {
      const code = prediction.status === 'unusable' ? undefined : prediction.codes[level]?.code
      return code === undefined ? NO_CODE : numberOf(code)
    }),
  }
}

const isHit = ({ prediction, labels }: Answered, level: string): boolean =>
  prediction.status !== 'unusable' && prediction.top.some(({ code }) => code === labels[level])
