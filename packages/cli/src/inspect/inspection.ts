import type { TextPreparation } from '@kic/data/prepare'
import type { Ensemble } from '@kic/ensemble'
import type { ModelFolder } from '@kic/predictor/node'
import type { Expectation } from '@kic/scores'
import type { GuaranteeSummary } from '../guarantees-in-words.ts'

/** The contents of a model's folder. */
export interface Inspection {
  readonly folder: string
  readonly kind: ModelFolder['kind'] | 'ensemble'
  readonly classification: string
  readonly levels: readonly string[]
  readonly classes: number
  /** Labels of one's own: classes whose codes are their names. */
  readonly labels?: readonly string[] | undefined
  /** Of a network. */
  readonly vocabulary?: number | undefined
  /** Of a network. */
  readonly maxTokens?: number | undefined
  readonly script: string | null
  /** Whether the model takes texts without letters. */
  readonly letterless: boolean
  readonly preparation: TextPreparation
  /** Of an ensemble. */
  readonly scheme?: Ensemble['scheme'] | undefined
  /** Of an ensemble. */
  readonly members?: readonly MemberInspection[] | undefined
  /** Of an ensemble: what was measured of its budgets. */
  readonly budgets?: Ensemble['budgets']
  /** What the folder leaves out. */
  readonly warnings: readonly string[]
  /**
   * Of a network, its `config.json` without labels; of an n-gram model, its settings without labels; of a re-ranked model, how
   * it is re-ranked.
   */
  readonly config?: Readonly<Record<string, unknown>> | undefined
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  readonly calibration?: CalibrationInspection | undefined
}

export interface CalibrationInspection {
  readonly temperature: number
  readonly on: string
  readonly rows: number
  /** At some thresholds of confidence. */
  readonly expectations: readonly Expectation[]
  readonly guarantees?: GuaranteeSummary | undefined
}

/** A member of an ensemble. */
interface MemberInspection {
  readonly name: string
  readonly kind: ModelFolder['kind']
  readonly level: string
  readonly weight: number
  readonly temperature: number
}
