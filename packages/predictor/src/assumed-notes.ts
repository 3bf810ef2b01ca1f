import { codesOf, flatClassification, levelNames } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { KicError } from '@kic/core'
import { defaultNotes, type ModelNotes, NOTES_FILE } from './model-notes.ts'

/** Fewer letters than the 19 sections that occur in practice are grades or choices as likely as sections. */
const ENOUGH_LETTERS = 19

const REMEDY = 'To settle it, write the file with saveNotes of @kic/predictor/node.'

/** What is taken for true of a folder that does not say it. */
export interface AssumedNotes {
  readonly notes: ModelNotes
  /** A sentence for people, unless the folder says it elsewhere. */
  readonly warning?: string
}

/**
 * What the labels of a model are whose folder has no `kic.json`: codes of KSIC rev. 10 where they can hardly be anything
 * else, otherwise labels of their own. Letters (`A`, `B`, `C`) and numbers that count (`01`, `02`, `03`) are codes of
 * KSIC too, but of themselves no sign of it.
 *
 * @param folder its name, for errors
 * @param labels names of the classes, by class number
 * @param classification what `config.json` calls it, if anything
 * @throws KicError `predictor/labels` for classes that nobody named.
 */
export const assumedNotes = (
  folder: string,
  labels: readonly string[],
  classification: string | undefined,
): AssumedNotes => {
  if (classification === ksic10.name) return { notes: defaultNotes }
  if (looksLikeKsic(labels)) {
    return {
      notes: defaultNotes,
      warning: `${folder} has no ${NOTES_FILE} that says what its labels are; they are taken for codes of ${ksic10.name}. ${REMEDY}`,
    }
  }
  if (
    labels.includes('') ||
    labels.every((label, i) => label === `LABEL_${i}`) ||
    new Set(labels).size < labels.length
  ) {
    throw new KicError(
      'predictor/labels',
      `loadPredictor: config.json in ${folder} (id2label) must name every class differently, received ` +
        `${shown(labels)}. Name them by their codes, or by labels of your own.`,
    )
  }
  return {
    notes: { classification: flatClassification(labels), script: undefined },
    warning:
      `${folder} has no ${NOTES_FILE} that says what its labels are; ${shown(labels)} are taken for labels of their own, ` +
      `not for codes of ${ksic10.name}. ${REMEDY}`,
  }
}

/** More than half of the labels being codes of a level is enough: what is wrong with the others is told by `classTree`. */
const looksLikeKsic = (labels: readonly string[]): boolean =>
  levelNames(ksic10).some((level) => {
    const codes = new Set(codesOf(ksic10, level))
    const known = labels.filter((label) => codes.has(label))
    if (known.some((label) => label.length === 1)) return known.length >= ENOUGH_LETTERS
    return 2 * known.length > labels.length && !known.every((label) => Number(label) <= known.length)
  })

const SHOWN = 3

const shown = (labels: readonly string[]): string =>
  labels.length === 0
    ? 'none'
    : `${labels
        .slice(0, SHOWN)
        .map((label) => `'${label}'`)
        .join(', ')}${labels.length > SHOWN ? `, … (${labels.length})` : ''}`
