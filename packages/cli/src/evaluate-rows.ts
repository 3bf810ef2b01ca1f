import type { Expectation, LabelledText, Prediction, Predictor } from '@kic/predictor'

/** How well a model does on labelled rows. */
export interface Evaluation {
  readonly model: string
  readonly rows: number
  /** Rows that the model could not use; they count as wrong. */
  readonly unusable: number
  /** By level name. */
  readonly levels: Readonly<Record<string, { readonly accuracy: number; readonly macroF1: number }>>
  /** Share of rows whose class is among the three most probable. */
  readonly top3: number
  /** Expected calibration error of the finest level (Guo et al. 2017), 15 bins. */
  readonly calibrationError: number
  /** What these rows let expect at some thresholds; the last word has the validation curve in the model's folder. */
  readonly expectations: readonly Expectation[]
}

const THRESHOLDS = [0, 0.5, 0.7, 0.9]

/** Accuracy and macro-F1 at every level, top 3, calibration error, and what review below some thresholds brings. */
export const evaluateRows = async (
  predictor: Predictor,
  rows: readonly LabelledText[],
  progress: (rows: number) => void = () => undefined,
): Promise<Evaluation> => {
  const { classificationScores, expectedCalibrationError } = await import('@kic/trainer')
  const { expectationAt, validationCurve } = await import('@kic/predictor')
  const { levels, name } = predictor.info
  const own = levels.at(-1) ?? ''
  const predictions: Prediction[] = []
  for await (const prediction of predictor.stream(rows.map(({ text }) => text))) {
    predictions.push(prediction)
    progress(predictions.length)
  }
  const codeAt = (level: string): string[] =>
    predictions.map((prediction) =>
      prediction.status === 'unusable' ? '' : (prediction.codes[level]?.code ?? ''),
    )
  const scores = levels.map((level) => {
    const [found, actual] = [codeAt(level), rows.map(({ labels }) => labels[level] ?? '')]
    const numbers = new Map([...new Set([...actual, ...found])].map((code, i) => [code, i]))
    const numbered = (codes: readonly string[]): number[] => codes.map((code) => numbers.get(code) ?? -1)
    const { accuracy, macroF1 } = classificationScores(numbered(found), numbered(actual))
    return [level, { accuracy, macroF1 }] as const
  })
  const judged = predictions.map((prediction, i) => ({
    confidence: prediction.status === 'unusable' ? undefined : prediction.confidence,
    correct: Object.fromEntries(
      levels.map((level) => [
        level,
        prediction.status !== 'unusable' && prediction.codes[level]?.code === rows[i]?.labels[level],
      ]),
    ),
  }))
  const hits = predictions.filter(
    (prediction, i) =>
      prediction.status !== 'unusable' && prediction.top.some(({ code }) => code === rows[i]?.labels[own]),
  )
  const used = judged.filter(({ confidence }) => confidence !== undefined)
  const curve = validationCurve(levels, judged)
  return {
    model: name,
    rows: rows.length,
    unusable: rows.length - used.length,
    levels: Object.fromEntries(scores),
    top3: hits.length / rows.length,
    // One column, the confidence of the answer, which is right (class 0) or not.
    calibrationError: expectedCalibrationError(
      used.map(({ confidence = 0 }) => confidence),
      1,
      used.map(({ correct }) => (correct[own] === true ? 0 : -1)),
    ),
    expectations: THRESHOLDS.map((threshold) => expectationAt(curve, threshold)),
  }
}
