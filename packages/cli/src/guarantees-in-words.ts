import { percent, textTable } from '@kic/core'
import type { Calibration, Guarantees } from '@kic/predictor'
import { expectationAt, type GuaranteedThreshold, guaranteedThreshold } from '@kic/scores'

/** What a model guarantees, in figures. */
export interface GuaranteeSummary {
  readonly on: string
  readonly rows: number
  /** For some accuracies, at the finest level and with 95 % confidence. */
  readonly accuracies: readonly {
    readonly accuracy: number
    readonly threshold: GuaranteedThreshold
    /** The share of the rows that is coded automatically at the threshold. */
    readonly automatic?: number | undefined
  }[]
  /** For some coverages: the least probability of a code in a set, by level name. */
  readonly sets: readonly {
    readonly coverage: number
    readonly least: Readonly<Record<string, number>>
  }[]
  /** By level name: the codes with a coverage of their own, and all codes. */
  readonly ownCoverage: Readonly<Record<string, { readonly own: number; readonly codes: number }>>
}

const ACCURACIES = [0.9, 0.95, 0.99]
const COVERAGES = [0.8, 0.9, 0.95]

/** @param levels of the model, coarsest first */
export const guaranteeSummary = (
  { guarantees }: Calibration,
  levels: readonly string[],
): GuaranteeSummary | undefined =>
  guarantees === undefined ? undefined : summaryOf(guarantees, levels.at(-1) ?? '')

const summaryOf = ({ on, curve, sets }: Guarantees, own: string): GuaranteeSummary => ({
  on,
  rows: curve.rows,
  accuracies: ACCURACIES.map((accuracy) => {
    const threshold = guaranteedThreshold(curve, own, { accuracy })
    const automatic =
      threshold.threshold === null ? undefined : expectationAt(curve, threshold.threshold).automatic
    return { accuracy, threshold, automatic }
  }),
  sets: COVERAGES.map((coverage) => ({
    coverage,
    least: Object.fromEntries(
      Object.entries(sets).map(([level, { coverages, marginal }]) => {
        const at = coverages.findIndex((stored) => stored >= coverage)
        return [level, marginal.thresholds[at] ?? 0]
      }),
    ),
  })),
  ownCoverage: Object.fromEntries(
    Object.entries(sets).map(([level, { classes, classConditional }]) => [
      level,
      { own: classConditional.byClass.filter((one) => one !== null).length, codes: classes },
    ]),
  ),
})

/** A summary as tables. */
export const guaranteesInWords = ({ on, accuracies, sets, ownCoverage }: GuaranteeSummary): string => {
  const levels = Object.keys(ownCoverage)
  const thresholds = accuracies.map(({ accuracy, threshold, automatic = 0 }) => [
    percent(accuracy),
    ...(threshold.threshold === null
      ? ['–', '–', reasonOf(threshold)]
      : [String(threshold.threshold), percent(automatic), '']),
  ])
  const coverages = sets.map(({ coverage, least }) => [
    percent(coverage),
    ...levels.map((level) => shortNumber(least[level] ?? 0)),
  ])
  const own = levels.map((level) => `${ownCoverage[level]?.own} of ${ownCoverage[level]?.codes}`)
  return (
    `guaranteed on ${on}, with 95 % confidence:\n` +
    `${textTable([['accuracy', 'review below', 'automatic', ''], ...thresholds])}\n` +
    'least probability of a code in a set:\n' +
    textTable([['coverage', ...levels], ...coverages, ['codes with a coverage of their own', ...own]])
  )
}

const reasonOf = (found: Extract<GuaranteedThreshold, { readonly threshold: null }>): string =>
  found.reason === 'too-few-rows'
    ? `takes ${found.rowsNeeded} rows without an error`
    : `of the ${found.rows} most confident rows, ${found.correct} are right`

const shortNumber = (probability: number): string => String(Number(probability.toPrecision(3)))
