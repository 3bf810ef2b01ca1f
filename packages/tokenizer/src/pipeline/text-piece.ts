/** A stretch of text on its way through a pipeline. */
export interface TextPiece {
  readonly text: string
  /** Whether its first character comes from the beginning of the text, which `prepend_scheme: first` asks. */
  readonly atStart: boolean
}
