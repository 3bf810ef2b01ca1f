import { codesOf, flatClassification, levelNames } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { KicError } from '@kic/core'
import { defaultNotes, type ModelNotes, NOTES_FILE } from './model-notes.ts'

/** Fewer letters than the 19 sections that occur in practice are as likely to be grades or choices. */
const ENOUGH_LETTERS = 19

const REMEDY = 'To set the classification, write the file with saveNotes of @kic/predictor/node.'

/** Assumptions about a folder without its own notes. */
export interface AssumedNotes {
  readonly notes: ModelNotes
  /** A sentence for people, unless the folder states it elsewhere. */
  readonly warning?: string
}

/**
 * The meaning of the labels of a model whose folder has no `kic.json`: codes of KSIC rev. 10 on strong evidence,
 * otherwise the model's own labels. Letters (`A`, `B`, `C`) and counting numbers (`01`, `02`, `03`) are also KSIC
 * codes, but are no evidence by themselves.
 *
 * @param folder its name, for errors
 * @param labels names of the classes, by class number
 * @param classification its name in `config.json`, if any
 * @throws KicError `predictor/labels` for classes without names
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
      warning: `${folder} has no ${NOTES_FILE} with its classification; its labels count as codes of ${ksic10.name}. ${REMEDY}`,
    }
  }
  if (
    labels.includes('') ||
    labels.every((label, i) => label === `LABEL_${i}`) ||
    new Set(labels).size < labels.length
  ) {
    throw new KicError(
      'predictor/labels',
      `loadPredictor: config.json in ${folder} (id2label) must have a distinct name for every class, received ` +
        `${shown(labels)}. Use their codes or your own labels.`,
    )
  }
  return {
    notes: { classification: flatClassification(labels), script: undefined },
    warning:
      `${folder} has no ${NOTES_FILE} with its classification; ${shown(labels)} count as its own labels, ` +
      `not as codes of ${ksic10.name}. ${REMEDY}`,
  }
}

/** More than half of the labels as codes of one level is enough; `classTree` reports the faults of the others. */
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
