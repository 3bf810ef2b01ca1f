import type { TextNormalization } from './unicode-normalization.ts'

/**
 * The preparation of a model's texts, as plain data: a named and versioned rule with its settings. It belongs to a
 * model just as its vocabulary does, and is stored in the model's folder. The meaning of a name and a version never
 * changes; a rule with different results gets another version.
 */
export interface TextPreparation {
  readonly name: 'kic-text'
  readonly version: 1
  /** Unicode normalisation (`normalizeText`). */
  readonly normalization: TextNormalization
  /** Treatment of invisible characters: zero-width spaces and joiners, fillers, byte order marks. */
  readonly invisible: 'drop' | 'keep'
  /**
   * Each run of white space, including line breaks, ideographic and no-break spaces, becomes one space; the text is
   * trimmed.
   */
  readonly spacing: 'single'
}

/** The preparation used if a model's folder has none. */
export const defaultPreparation: TextPreparation = {
  name: 'kic-text',
  version: 1,
  normalization: 'nfc',
  invisible: 'drop',
  spacing: 'single',
}
