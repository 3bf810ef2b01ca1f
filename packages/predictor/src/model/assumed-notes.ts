import { type Classification, codesOf, flatClassification, levelNames } from '@kic/classification'
import { KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import type { ModelClasses } from './model-classes.ts'
import { type ModelNotes, NOTES_FILE } from './model-notes.ts'

/** A smaller share of a level's letters, such as those of sections, is as likely to be grades or choices. */
const ENOUGH_LETTERS = 0.9

const REMEDY = 'To set the classification, write the file with saveNotes of @kic/predictor/node.'

/** Assumptions about a folder without its own notes. */
export interface AssumedNotes {
  readonly notes: ModelNotes
  /** A sentence for people, unless the folder states it elsewhere. */
  readonly warning?: string | undefined
}

/**
 * The meaning of the labels of a model whose folder has no `kic.json`: codes of a known classification on strong evidence,
 * otherwise the model's own labels. Letters (`A`, `B`, `C`) and counting numbers (`01`, `02`, `03`) are codes of many
 * classifications, but are no evidence by themselves.
 *
 * @param folder its name, for errors
 * @param known notes that may be the model's
 * @throws KicError `predictor/labels` for classes without names
 */
export const assumedNotes = (
  folder: string,
  { names: labels, place, classification }: ModelClasses,
  known: readonly ModelNotes[],
): AssumedNotes => {
  const named = known.find((notes) => notes.classification.name === classification)
  if (named !== undefined) return { notes: named }
  const likely = known.find((notes) => looksLike(notes.classification, labels))
  if (likely !== undefined) {
    return {
      notes: likely,
      warning: `${folder} has no ${NOTES_FILE} with its classification; its labels count as codes of ${likely.classification.name}. ${REMEDY}`,
    }
  }
  if (
    labels.includes('') ||
    labels.every((label, i) => label === `LABEL_${i}`) ||
    new Set(labels).size < labels.length
  ) {
    throw new KicError<PredictorErrorCode>(
      'predictor/labels',
      `loadPredictor: ${place} in ${folder} must have a distinct name for every class, received ` +
        `${shown(labels)}. Use their codes or your own labels.`,
    )
  }
  return {
    notes: { classification: flatClassification(labels), script: undefined },
    warning:
      `${folder} has no ${NOTES_FILE} with its classification; ${shown(labels)} count as its own labels. ` +
      REMEDY,
  }
}

/** More than half of the labels as codes of one level is enough; `classTree` reports the faults of the others. */
const looksLike = (classification: Classification, labels: readonly string[]): boolean =>
  levelNames(classification).some((level) => {
    const codes = new Set(codesOf(classification, level))
    const known = labels.filter((label) => codes.has(label))
    if (known.some((label) => label.length === 1)) return known.length >= ENOUGH_LETTERS * codes.size
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
