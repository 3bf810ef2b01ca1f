import type { AncestorLevel } from '@kic/classification'
import { KicError } from '@kic/core'
import { argMax, logProbability, type Probabilities } from '@kic/scores'
import { checkAncestors } from './coarser.ts'
import type { EnsembleErrorCode } from './error-code.ts'

/** What is thought of a level above the finest. */
export interface CoarseLevel {
  readonly probabilities: Probabilities
  /** The level, as `ancestorLevels` of `@kic/classification` gives it. */
  readonly level: AncestorLevel
  /** Factor of this level's logarithm; default 1. */
  readonly weight?: number
}

/**
 * The most probable path through a hierarchy, for each row: the finest class whose own log-probability and those of its
 * ancestors have the largest sum, `log p(group) + Σ weight · log p(ancestor)`. The levels of the answer cannot contradict
 * each other. Of equal paths the one with the lowest class number wins; logarithms are taken of at least 2⁻¹²⁶.
 *
 * Levels are treated as independent witnesses of one path: a product of experts (Hinton 2002,
 * doi:10.1162/089976602760128018) over the leaves.
 *
 * @param finest [rows, C]
 * @returns finest class numbers, int32 [rows]; ancestors follow from them
 * @throws KicError `ensemble/shape`, `ensemble/hierarchy`, `ensemble/weights`
 */
export const decodePath = (finest: Probabilities, levels: readonly CoarseLevel[]): Int32Array => {
  for (const [i, { probabilities, level, weight = 1 }] of levels.entries()) {
    checkAncestors('decodePath', level, finest.classes)
    if (probabilities.classes !== level.labels.length) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/shape',
        `decodePath: '${level.name}' has ${level.labels.length} classes, received probabilities of ` +
          `${probabilities.classes}. Give those of that level.`,
      )
    }
    if (probabilities.rows !== finest.rows) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/shape',
        `decodePath: level ${i} has ${probabilities.rows} rows, the finest ${finest.rows}`,
      )
    }
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/weights',
        `decodePath: level ${i} has the weight ${weight}; give 0 or more`,
      )
    }
  }
  const log = ({ data, classes }: Probabilities, row: number, c: number): number =>
    logProbability(data[row * classes + c] ?? 0)
  const paths = new Float64Array(finest.classes)
  return Int32Array.from({ length: finest.rows }, (_, row) => {
    for (let c = 0; c < paths.length; c++) {
      let sum = log(finest, row, c)
      for (const { probabilities, level, weight = 1 } of levels) {
        sum += weight * log(probabilities, row, level.ofClass[c] ?? 0)
      }
      paths[c] = sum
    }
    return argMax(paths)
  })
}
