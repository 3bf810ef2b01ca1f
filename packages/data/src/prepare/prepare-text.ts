import { normalizeText } from '../unicode-normalization.ts'
import { INVISIBLE, UNEVEN_SPACE } from './frozen-classes.ts'
import { defaultPreparation, type TextPreparation } from './text-preparation.ts'

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
  { normalization, invisible, spacing }: TextPreparation = defaultPreparation,
): string => {
  // Invisible characters part jamo that belong together, so they go before the normalisation; it makes no new ones.
  const visible = invisible === 'drop' ? text.replace(INVISIBLE, '') : text
  const normalised = normalizeText(visible, normalization)
  return spacing === 'single' ? normalised.replace(UNEVEN_SPACE, ' ').replace(/^ | $/g, '') : normalised
}

/** Rows before and after their texts were prepared. */
export interface PreparedRows<R> {
  readonly rows: readonly R[]
  /** Rows left out, as nothing of their text is left. */
  readonly empty: readonly R[]
}

/** Rows with prepared texts, in their order. Rows whose text is empty then teach nothing: they come apart, to be counted. */
export const prepareRows = <R extends { readonly text: string }>(
  rows: readonly R[],
  preparation: TextPreparation = defaultPreparation,
): PreparedRows<R> => {
  const [kept, empty]: [R[], R[]] = [[], []]
  for (const row of rows) {
    const text = prepareText(row.text, preparation)
    // Nearly all texts are prepared already: those rows are handed on as they are.
    if (text === '') empty.push(row)
    else kept.push(text === row.text ? row : { ...row, text })
  }
  return { rows: kept, empty }
}
