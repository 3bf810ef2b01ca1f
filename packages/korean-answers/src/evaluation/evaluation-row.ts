/** One answer written by hand, with the group an expert would give it. */
export interface EvaluationRow {
  /** KSIC rev. 10 group, three digits. */
  readonly group: string
  /** Where, with what: the answer's first field. */
  readonly object: string
  /** How: the second field; empty where the respondent left it out. */
  readonly method: string
  /** What is made, sold or done: the third field; empty where the respondent left it out. */
  readonly deal: string
}

/** Group, object, method, deal: an `EvaluationRow` in the files of rows. */
export type EvaluationTuple = readonly [group: string, object: string, method: string, deal: string]
