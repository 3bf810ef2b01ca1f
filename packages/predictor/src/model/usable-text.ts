import { defaultPreparation, isBlankText, prepareText, type TextPreparation } from '@kic/data/prepare'
import type { UnusableReason } from '../answers/prediction.ts'

/** The writing that a model learned from; texts with hardly any of it are in another language. */
export type Script = 'Hangul' | 'Latin'

/** Letters that carry meaning: of Hangul whole syllables, not the single jamo of 'ㅋㅋㅋ'. */
const LETTERS: Readonly<Record<Script, RegExp>> = {
  Hangul: /[가-힣]/gu,
  Latin: /\p{Script=Latin}/gu,
}

/** Below this share of the letters a text is in another language: 'LED TV 판매' is Korean, with 2 of 7. */
const SMALLEST_SHARE = 0.1

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/** A text as models read it, or why it cannot be used. */
export type CheckedText = { readonly text: string; readonly reason?: UnusableReason }

/**
 * Prepares a text as a model's texts are (`prepareText`), and says why it cannot be classified, if so.
 *
 * @param script the model's; `undefined` accepts letters of every script
 * @param preparation the model's
 */
export const checkText = (
  given: string,
  script: Script | undefined,
  preparation: TextPreparation = defaultPreparation,
): CheckedText => {
  const text = prepareText(given, preparation)
  if (isBlankText(text)) return { text, reason: 'empty' }
  // Letters are counted as they are seen, however a model has them written.
  const seen = text.normalize('NFC')
  const own = script === undefined ? 0 : count(seen, LETTERS[script])
  // Enough even if all the rest were letters: true of nearly every text.
  if (own > 0 && own >= SMALLEST_SHARE * seen.length) return { text }
  const letters = count(seen, /\p{L}/gu)
  if (letters === 0) return { text, reason: 'no-letters' }
  if (script === undefined) return { text }
  return own === 0 || own < SMALLEST_SHARE * letters ? { text, reason: 'other-language' } : { text }
}
