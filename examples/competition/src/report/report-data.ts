import type {
  ConfusedPair,
  DrillDown,
  LevelConfusion,
  ReliabilityBin,
  ReviewRule,
  ValidationCurve,
} from '@kic/scores'

/** Accuracy and macro-F1 as fractions. */
export interface Scores {
  readonly accuracy: number
  readonly macroF1: number
}

export interface ReportedMember {
  readonly name: string
  readonly level: string
  /** Size, start, head, fusion and loss in a few words. */
  readonly description: string
  readonly parameters: number
  readonly seconds: number
  /** By level; a member of a coarser level has none for the finer ones. */
  readonly scores: Readonly<Record<string, Scores>>
  /** Validation accuracy after each evaluation. */
  readonly curve: readonly { readonly epoch: number; readonly accuracy: number }[]
}

/** What one technique changed, against the same member without it. */
export interface TechniqueGain {
  readonly technique: string
  readonly without: string
  readonly with: string
  readonly level: string
  /** Difference of test accuracies, in points. */
  readonly points: number
}

/** Everything that `renderReport` shows. */
export interface ReportData {
  readonly title: string
  /** Where the test rows come from. */
  readonly testName: string
  readonly testRows: number
  readonly levels: readonly string[]
  /** The ensemble that the report is about, then what it has to beat: another ensemble, `best member`, baselines. */
  readonly systems: readonly { readonly name: string; readonly levels: Readonly<Record<string, Scores>> }[]
  readonly verdict: string
  readonly members: readonly ReportedMember[]
  readonly techniques: readonly TechniqueGain[]
  readonly confusions: readonly LevelConfusion[]
  readonly drillDown: readonly DrillDown[]
  readonly worst: readonly ConfusedPair[]
  /** Of the finest level. */
  readonly reliability: {
    readonly bins: readonly ReliabilityBin[]
    readonly expectedCalibrationError: number
  }
  /** What happens to the test rows if those below a confidence go to a person. */
  readonly coverage: ValidationCurve
  /** Which system reliability, coverage and confusions are about. */
  readonly codedBy: string
  /** Where a run decides who looks at what. */
  readonly review?: ReviewRule | undefined
  readonly facts: readonly { readonly name: string; readonly value: string }[]
}
