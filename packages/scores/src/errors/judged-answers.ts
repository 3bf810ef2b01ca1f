import type { Classification } from '@kic/classification'

/** What a classifier answered on labelled rows, as class numbers by level; -1 is no label, and no answer. */
export interface JudgedAnswers {
  readonly classification: Classification
  readonly predicted: Readonly<Record<string, Int32Array>>
  readonly actual: Readonly<Record<string, Int32Array>>
}
