import { type Labels, labelsOf } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import { argMax, softmax, validationCurve } from '@kic/scores'
import type { CallSignal } from '../answers/call-signal.ts'
import type { Predictor } from '../answers/predictor.ts'
import type { PredictorInfo } from '../answers/predictor-info.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import type { Guarantees } from '../guarantees/guarantees.ts'
import { type GuaranteeRow, makeGuarantees } from '../guarantees/make-guarantees.ts'
import type { Calibration } from '../model/model-notes.ts'
import { mapInTurns } from '../run/map-in-turns.ts'
import { calibrationHalves } from './calibration-halves.ts'
import { judgeCodes } from './judge-row.ts'
import { type RowScores, rowScores } from './row-scores.ts'
import { temperatureOf } from './temperature-of.ts'

/** A text with known codes. */
export interface LabelledText {
  readonly text: string
  /** Level name to code. Rows may have labels at different levels. */
  readonly labels: Labels
}

export interface GuaranteeOptions {
  /** Aborts the call with the signal's reason. */
  readonly signal?: CallSignal | undefined
}

export interface CalibrateOptions extends GuaranteeOptions {
  /** A temperature that other rows decided; all rows then make the guarantees. Default: that of one half of the rows. */
  readonly temperature?: number | undefined
  /** Receives reasons not to trust the fitted temperature, in sentences. */
  readonly warn?: ((doubt: string) => void) | undefined
}

/**
 * Calibrates a model, or an ensemble's vote, on rows outside its training. One half of the rows fits the temperature, and the
 * other half, which chose nothing, makes the guarantees (`calibrationHalves`); with less than about 200 rows, all fit the
 * temperature, and there are no guarantees. The model's results are counted by threshold on all rows.
 *
 * A row does not affect the temperature if the model cannot use it, if its class is not in the model, or if it has no
 * label at the model's own level. In the curves, such rows are not coded, are coded wrongly, or count at the levels of
 * their labels, respectively.
 *
 * @param on a description of the rows, for readers of the model's folder
 * @param progress receives the number of rows computed
 * @throws KicError `predictor/calibration-rows` unless two rows that the model can use have a class of it; the signal's
 * reason
 */
export const calibrate = async (
  predictor: Predictor,
  rows: readonly LabelledText[],
  on: string,
  progress: (computed: number) => void = () => undefined,
  { temperature: given, warn = () => undefined, signal }: CalibrateOptions = {},
): Promise<Calibration> => {
  const { classes, levels } = predictor.info
  const own = defined(levels.at(-1))
  const { choosing, guaranteeing } =
    given === undefined ? calibrationHalves(rows, own) : { choosing: [], guaranteeing: rows }
  const ordered = [...choosing, ...guaranteeing]
  const numbers = ordered.map(({ labels }) => classes.indexOf(labels[own] ?? ''))
  if (numbers.every((number) => number < 0)) {
    throw new KicError<PredictorErrorCode>(
      'predictor/calibration-rows',
      `calibrate: rows must have labels among the model's classes, codes of the level ${own} such as ${classes[0]}, ` +
        `received ${rows.length} rows without one. Use rows of the model's task.`,
    )
  }
  const scores = await rowScores(predictor, ordered, progress, signal)
  const chosen = scores.slice(0, choosing.length).map((row) => row?.logits)
  const temperature = given ?? temperatureOf(chosen, numbers, warn)
  const answered = answering(predictor.info, temperature)
  const judged = await mapInTurns(ordered, (row, i) => answered(row, scores[i]).judged, signal)
  const curve = validationCurve(levels, judged)
  const others = await mapInTurns(
    guaranteeing,
    (row, i) => answered(row, scores[choosing.length + i]),
    signal,
  )
  if (others.every(({ probabilities }) => probabilities === undefined)) return { temperature, on, curve }
  const half = `${others.length} of ${on}`
  return { temperature, on, curve, guarantees: makeGuarantees(predictor.info, others, half) }
}

/**
 * What rows that chose neither the model nor its temperature guarantee about the answers of a predictor. Unlike `calibrate`,
 * it needs no rows for the temperature, which stays.
 *
 * @param on a description of the rows
 * @param progress receives the number of rows computed
 * @throws KicError `predictor/calibration-rows` if the model can use none of the rows; the signal's reason
 */
export const guarantee = async (
  predictor: Predictor,
  rows: readonly LabelledText[],
  on: string,
  progress: (computed: number) => void = () => undefined,
  { signal }: GuaranteeOptions = {},
): Promise<Guarantees> => {
  const { info } = predictor
  const scores = await rowScores(predictor, rows, progress, signal)
  if (scores.every((row) => row === undefined)) {
    throw new KicError<PredictorErrorCode>(
      'predictor/calibration-rows',
      `guarantee: some labelled text must be usable, received ${rows.length} texts. Use rows of the model’s task.`,
    )
  }
  const answered = answering(info, info.calibration?.temperature ?? 1)
  const answers = await mapInTurns(rows, (row, i) => answered(row, scores[i]), signal)
  return makeGuarantees(info, answers, on)
}

/** A function from a row and its scores to the answer at a temperature. */
const answering = ({ classes, levels, classification }: PredictorInfo, temperature: number) => {
  const own = defined(levels.at(-1))
  const codes = classes.map((code) => labelsOf(classification, own, code))
  return ({ labels }: LabelledText, row: RowScores | undefined): GuaranteeRow => {
    if (row === undefined)
      return { labels, probabilities: undefined, judged: judgeCodes(levels, undefined, labels) }
    const probabilities = softmax(row.logits, { temperature })
    const best = row.codes === undefined ? argMax(probabilities) : classes.indexOf(defined(row.codes[own]))
    const found = row.codes ?? defined(codes[best])
    const judged = judgeCodes(levels, { codes: found, confidence: defined(probabilities[best]) }, labels)
    return { labels, probabilities, judged }
  }
}
