/** Accuracy and macro-F1 of one system at each level it predicts, as fractions. */
export interface SystemScores {
  readonly system: string
  readonly levels: Readonly<Record<string, { readonly accuracy: number; readonly macroF1: number }>>
}
