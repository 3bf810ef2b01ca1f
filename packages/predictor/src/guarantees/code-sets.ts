import { defined, KicError } from '@kic/core'
import { predictionSet } from '@kic/scores'
import type { LevelCode } from '../answers/level-code.ts'
import type { PredictorInfo } from '../answers/predictor-info.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import { NOTES_FILE } from '../model/model-notes.ts'
import type { Guarantees } from './guarantees.ts'
import { levelClasses, probabilitiesAt } from './level-classes.ts'

/** Which sets of codes are asked for. */
export interface SetOptions {
  /** How often a set has the true code, in [0, 1]: at each level, over all texts like the calibration rows. */
  readonly coverage: number
  /** Whether each code is covered so often, instead of all texts taken together. */
  readonly classConditional?: boolean | undefined
  /** Whether sets may be empty, so that coverage is as asked where the answer alone is right more often. */
  readonly exactCoverage?: boolean | undefined
}

/** Sets of codes by level name, coarsest first; the codes of a set are in the order of their probabilities. */
export type CodeSets = Readonly<Record<string, readonly LevelCode[]>>

/**
 * A function from the probabilities of a text to its sets of codes.
 *
 * @returns a function of probabilities, [C] by class number of the model; the codes of the answer by level, which are in the
 * sets unless coverage is exact; and the sets asked for. It throws KicError `scores/coverage`
 * @throws KicError `predictor/no-guarantees`, `predictor/notes` if the calibration is of other classes
 */
export const codeSets = (
  info: PredictorInfo,
): ((
  probabilities: ArrayLike<number>,
  answer: Readonly<Record<string, { readonly code: string }>>,
  options: SetOptions,
) => CodeSets) => {
  const { sets } = guaranteesOf(info)
  const levels = levelClasses(info).map((at) => {
    const calibration = Object.hasOwn(sets, at.level) ? sets[at.level] : undefined
    if (calibration?.classes === at.codes.length) return { at, calibration }
    throw new KicError<PredictorErrorCode>(
      'predictor/notes',
      `loadPredictor: ${NOTES_FILE} in ${info.name}: the guarantees must be about the ${at.codes.length} codes of the level ${at.level}, ` +
        `received ${calibration?.classes ?? 'none'}. Calibrate the model again with \`kic calibrate\`.`,
    )
  })
  return (probabilities, answer, { coverage, classConditional, exactCoverage }) =>
    Object.fromEntries(
      levels.map(({ at, calibration }) => {
        const own = probabilitiesAt(at, probabilities)
        const found = predictionSet(calibration, own, coverage, { classConditional, exactCoverage })
        const answered = at.codes.indexOf(answer[at.level]?.code ?? '')
        const set =
          exactCoverage === true || answered < 0 || found.includes(answered)
            ? found
            : [...found, answered].sort((a, b) => defined(own[b]) - defined(own[a]))
        const described = set.map((c) => ({
          code: defined(at.codes[c]),
          name: defined(at.names[c]),
          confidence: defined(own[c]),
        }))
        return [at.level, described]
      }),
    )
}

/** @throws KicError `predictor/no-guarantees` */
export const guaranteesOf = ({ name, calibration }: PredictorInfo): Guarantees => {
  if (calibration?.guarantees !== undefined) return calibration.guarantees
  throw new KicError<PredictorErrorCode>(
    'predictor/no-guarantees',
    `predict: coverage and targetAccuracy need a model that was calibrated for them, received ${name} without. ` +
      'Calibrate it with `kic calibrate`, on at least 200 labelled rows that it was not trained on.',
  )
}
