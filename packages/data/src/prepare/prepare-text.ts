import { singleSpaced } from '../row.ts'
import { BLANK, INVISIBLE } from './frozen-classes.ts'
import { defaultPreparation, type TextPreparation } from './text-preparation.ts'
import { normalizeText } from './unicode-normalization.ts'

/**
 * A text as a model reads it: without invisible characters, normalised, single-spaced. Training, pretraining,
 * evaluation and prediction all call this function, so that equal texts become equal ids. What it made, it leaves as it
 * is.
 *
 * The classes of invisible characters and white space are frozen here. Normalisation is the runtime's: Unicode's
 * stability policy fixes it for assigned characters, so that two runtimes differ on no text but one of characters that
 * the older one does not know.
 */
export const prepareText = (
  text: string,
  { normalization, invisible }: TextPreparation = defaultPreparation,
): string => {
  // Invisible characters part jamo that belong together, so they go before the normalisation; it makes no new ones.
  const visible = invisible === 'drop' ? text.replace(INVISIBLE, '') : text
  return singleSpaced(normalizeText(visible, normalization))
}

/** Whether a text holds white space and invisible characters alone: there is nothing in it to learn from or to code. */
export const isBlankText = (text: string): boolean => BLANK.test(text)

/** Rows before and after their texts were prepared. */
export interface PreparedRows<R> {
  readonly rows: readonly R[]
  /** Rows left out, as their texts are blank. */
  readonly empty: readonly R[]
}

/** Rows with prepared texts, in their order. Rows of blank texts teach nothing: they come apart, to be counted. */
export const prepareRows = <R extends { readonly text: string }>(
  rows: readonly R[],
  preparation: TextPreparation = defaultPreparation,
): PreparedRows<R> => {
  const [kept, empty]: [R[], R[]] = [[], []]
  for (const row of rows) {
    const text = prepareText(row.text, preparation)
    // Nearly all texts are prepared already: those rows are handed on as they are.
    if (isBlankText(text)) empty.push(row)
    else kept.push(text === row.text ? row : { ...row, text })
  }
  return { rows: kept, empty }
}
