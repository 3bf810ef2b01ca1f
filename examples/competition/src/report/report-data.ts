import type {
  ConfusedPair,
  DrillDown,
  LevelConfusion,
  PairedDifference,
  ReliabilityBin,
  ReviewRule,
  ValidationCurve,
} from '@kic/scores'
import type { ReferenceLeads } from '../accuracy-lead.ts'
import type { SpacingScores } from '../spacing-check.ts'

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
  /** By level; a member of a coarser level has none for finer levels. */
  readonly scores: Readonly<Record<string, Scores>>
  /** Validation accuracy after each evaluation. */
  readonly curve: readonly { readonly epoch: number; readonly accuracy: number }[]
}

/** The effect of a technique, compared with the same member without it. */
export interface TechniqueGain {
  readonly technique: string
  readonly without: string
  readonly with: string
  readonly level: string
  /** Difference of test accuracies, as fractions. */
  readonly gain: PairedDifference
}

/** The content of a report. */
export interface ReportData {
  readonly title: string
  /** Source of the test rows. */
  readonly testName: string
  readonly testRows: number
  readonly levels: readonly string[]
  /** The reported ensemble first, then the systems for comparison: another ensemble, `best member`, baselines. */
  readonly systems: readonly { readonly name: string; readonly levels: Readonly<Record<string, Scores>> }[]
  /** How far systems and members are above the best reference, if there is one. */
  readonly leads?: ReferenceLeads | undefined
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
  /** Results on the test rows if a person reviews those below a confidence. */
  readonly coverage: ValidationCurve
  /** The system of reliability, coverage and confusions. */
  readonly codedBy: string
  /** The rule for review, if the run has one. */
  readonly review?: ReviewRule | undefined
  /** Accuracy at the finest level with other spaces, if the run checked it. */
  readonly spacing?: readonly SpacingScores[] | undefined
  readonly facts: readonly { readonly name: string; readonly value: string }[]
}
