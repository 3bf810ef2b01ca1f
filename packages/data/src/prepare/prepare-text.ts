import { singleSpaced } from '../row.ts'
import { BLANK, INVISIBLE } from './frozen-classes.ts'
import { defaultPreparation, type TextPreparation } from './text-preparation.ts'
import { normalizeText } from './unicode-normalization.ts'

/**
 * Prepares a text for a model: drops invisible characters, normalises, and reduces white space to single spaces.
 * Training, pretraining, evaluation and prediction all call this function, so equal texts become equal ids. Preparing a
 * text twice changes nothing more.
 *
 * The classes of invisible characters and white space are frozen here. Normalisation is the runtime's. Unicode's
 * stability policy fixes it for assigned characters, so two runtimes differ only on texts with characters that the
 * older one does not know.
 */
export const prepareText = (
  text: string,
  { normalization, invisible }: TextPreparation = defaultPreparation,
): string => {
  // Invisible characters separate jamo that belong together, so they are dropped before normalisation, which creates no
  // new ones.
  const visible = invisible === 'drop' ? text.replace(INVISIBLE, '') : text
  return singleSpaced(normalizeText(visible, normalization))
}

/** Whether a text has only white space and invisible characters, so that there is nothing to learn or to code. */
export const isBlankText = (text: string): boolean => BLANK.test(text)

/** Rows after preparation, and those left out. */
export interface PreparedRows<R> {
  readonly rows: readonly R[]
  /** Rows left out because their texts are blank. */
  readonly empty: readonly R[]
}

/** Prepares the texts of rows, in order. Rows with blank texts are returned separately, to be counted. */
export const prepareRows = <R extends { readonly text: string }>(
  rows: readonly R[],
  preparation: TextPreparation = defaultPreparation,
): PreparedRows<R> => {
  const [kept, empty]: [R[], R[]] = [[], []]
  for (const row of rows) {
    const text = prepareText(row.text, preparation)
    // Nearly all texts are prepared already; their rows are returned unchanged.
    if (isBlankText(text)) empty.push(row)
    else kept.push(text === row.text ? row : { ...row, text })
  }
  return { rows: kept, empty }
}
