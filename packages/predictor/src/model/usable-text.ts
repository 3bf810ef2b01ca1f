import { defaultPreparation, isBlankText, prepareText, type TextPreparation } from '@kic/data/prepare'
import type { UnusableReason } from '../answers/prediction.ts'
import { scriptPattern } from './script.ts'
import type { AcceptedTexts } from './text-kinds.ts'

/** A text with a smaller share of its letters in the script is in another language; names of brands are not. */
const SMALLEST_SHARE = 0.1

/** The matches of a global pattern, counted up to a number of them. */
const countUpTo = (most: number, text: string, pattern: RegExp): number => {
  let found = 0
  pattern.lastIndex = 0
  while (found < most && pattern.test(text)) found += 1
  return found
}

/** A prepared text, with the reason if it is unusable. */
export type CheckedText = { readonly text: string; readonly reason?: UnusableReason | undefined }

/**
 * Prepares a text with the model's preparation (`prepareText`), and gives the reason if it cannot be classified.
 *
 * @param accepted the texts that the model takes
 * @param preparation the model's preparation
 */
export const checkText = (
  given: string,
  { script, letterless = false }: AcceptedTexts,
  preparation: TextPreparation = defaultPreparation,
): CheckedText => {
  const text = prepareText(given, preparation)
  if (isBlankText(text)) return { text, reason: 'empty' }
  // Letters are counted as composed, whatever form the model uses.
  const seen = text.normalize('NFC')
  const pattern = script === undefined ? undefined : scriptPattern(script)
  // Enough even if all other characters were letters, which is true for nearly every text.
  const enough = Math.max(1, Math.ceil(SMALLEST_SHARE * seen.length))
  const own = pattern === undefined ? 0 : countUpTo(enough, seen, pattern)
  if (own === enough) return { text }
  const letters = countUpTo(seen.length, seen, /\p{L}/gu)
  if (letters === 0) return letterless ? { text } : { text, reason: 'no-letters' }
  if (pattern === undefined) return { text }
  return own === 0 || own < SMALLEST_SHARE * letters ? { text, reason: 'other-language' } : { text }
}
