import type { AncestorLevel } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import { argMax, logProbability, type Probabilities } from '@kic/scores'
import { checkAncestors } from './coarser.ts'
import type { EnsembleErrorCode } from './error-code.ts'

/** Probabilities of a level above the finest. */
export interface CoarseLevel {
  readonly probabilities: Probabilities
  /** The level, a result of `ancestorLevels` of `@kic/classification`. */
  readonly level: AncestorLevel
  /** Factor of this level's log-probabilities; default 1. */
  readonly weight?: number | undefined
}

/**
 * The most probable path through a hierarchy, for each row: the finest class whose own log-probability and those of its
 * ancestors have the largest sum, `log p(group) + Σ weight · log p(ancestor)`. The levels of the answer cannot contradict
 * each other. Among equal paths, the lowest class number wins. Probabilities below 2⁻¹²⁶ count as 2⁻¹²⁶.
 *
 * Levels are independent witnesses of one path: a product of experts (Hinton 2002, doi:10.1162/089976602760128018) over
 * the leaves.
 *
 * @param finest [rows, C]
 * @returns finest class numbers, int32 [rows]; ancestors follow from them
 * @throws KicError `ensemble/shape`, `ensemble/hierarchy`, `ensemble/weights`
 */
export const decodePath = (finest: Probabilities, levels: readonly CoarseLevel[]): Int32Array => {
  for (const { probabilities, level, weight = 1 } of levels) {
    checkAncestors('decodePath', level, finest.classes)
    if (probabilities.classes !== level.labels.length) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/shape',
        `decodePath: the level '${level.name}' must have probabilities of ${level.labels.length} classes, received ` +
          `${probabilities.classes}. Pass those of that level.`,
      )
    }
    if (probabilities.rows !== finest.rows) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/shape',
        `decodePath: every level must have the ${finest.rows} rows of the finest, received ${probabilities.rows} for ` +
          `'${level.name}'. Predict the same rows.`,
      )
    }
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/weights',
        `decodePath: a level's weight must be finite and at least 0, received ${weight} for '${level.name}'. Correct it.`,
      )
    }
  }
  const log = ({ data, classes }: Probabilities, row: number, c: number): number =>
    logProbability(defined(data[row * classes + c]))
  const paths = new Float64Array(finest.classes)
  return Int32Array.from({ length: finest.rows }, (_, row) => {
    for (let c = 0; c < paths.length; c++) {
      let sum = log(finest, row, c)
      for (const { probabilities, level, weight = 1 } of levels) {
        sum += weight * log(probabilities, row, defined(level.ofClass[c]))
      }
      paths[c] = sum
    }
    return argMax(paths)
  })
}
