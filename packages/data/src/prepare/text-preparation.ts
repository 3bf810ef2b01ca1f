import type { TextNormalization } from './unicode-normalization.ts'

/**
 * How a text becomes what a model reads, as plain data: a named and versioned rule with its settings. It belongs to a
 * model as its vocabulary does, and is kept in the model's folder. What a name and a version mean never changes; a rule
 * that would give other texts gets another version.
 */
export interface TextPreparation {
  readonly name: 'kic-text'
  readonly version: 1
  /** Unicode normalisation (`normalizeText`). */
  readonly normalization: TextNormalization
  /** What happens to characters that are never seen: zero-width spaces and joiners, fillers, byte order marks. */
  readonly invisible: 'drop' | 'keep'
  /** Every run of white space (line breaks, ideographic and no-break spaces too) is one space, with none around the text. */
  readonly spacing: 'single'
}

/** How texts are prepared unless a model's folder says otherwise. */
export const defaultPreparation: TextPreparation = {
  name: 'kic-text',
  version: 1,
  normalization: 'nfc',
  invisible: 'drop',
  spacing: 'single',
}
