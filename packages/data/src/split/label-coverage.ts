import {
  type Classification,
  codesOf,
  finestLevel,
  type Labels,
  labelsOf,
  restrictClassification,
} from '@kic/classification'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'

/** The classes that a model can learn, and the consequence for the judged rows. */
export interface LabelCoverage {
  /**
   * The classification without the classes that have no training row: the classes that a trained model should distinguish.
   */
  readonly classification: Classification
  /** Codes of the finest level without a training row. */
  readonly absent: readonly string[]
  /** The judged rows with an absent class, by code: no model can be right about them. */
  readonly unseen: ReadonlyMap<string, number>
  /** The number of labelled rows judged. */
  readonly judged: number
}

type Labelled = { readonly labels?: Labels | undefined }

/**
 * Compares the labels of training rows with a classification and with the rows for evaluation. Rows without a label at the
 * finest level are skipped.
 *
 * @throws KicError `data/no-labels` if no training row has a label, `data/unknown-code` for a label that the classification
 * lacks
 */
export const labelCoverage = (
  classification: Classification,
  training: Iterable<Labelled>,
  judged: Iterable<Labelled> = [],
): LabelCoverage => {
  const finest = finestLevel(classification)
  const learned = new Set<string>()
  for (const { labels } of training) {
    const code = labels?.[finest]
    if (code !== undefined) learned.add(code)
  }
  if (learned.size === 0)
    throw new KicError<DataErrorCode>(
      'data/no-labels',
      `labelCoverage: at least one training row must have a ${finest} of ${classification.name}, received none. Label the rows.`,
    )
  const unseen = new Map<string, number>()
  let count = 0
  for (const { labels } of judged) {
    const code = labels?.[finest]
    if (code === undefined) continue
    count += 1
    labelsOf(classification, finest, code)
    if (!learned.has(code)) unseen.set(code, (unseen.get(code) ?? 0) + 1)
  }
  return {
    classification: restrictClassification(classification, learned),
    absent: codesOf(classification, finest).filter((code) => !learned.has(code)),
    unseen,
    judged: count,
  }
}
