import {
  type Classification,
  codesOf,
  finestLevel,
  type Labels,
  labelsOf,
  restrictClassification,
} from '@kic/classification'
import { KicError } from '@kic/core'

/** Which classes a model can learn, and what that means for rows it is judged by. */
export interface LabelCoverage {
  /** The classification without classes that no training row has: what a model trained on them should distinguish. */
  readonly classification: Classification
  /** Codes of the finest level without a training row. */
  readonly absent: readonly string[]
  /** Of the rows judged, how many have an absent class, by code: no model can be right about them. */
  readonly unseen: ReadonlyMap<string, number>
  /** Labelled rows that were judged. */
  readonly judged: number
}

type Labelled = { readonly labels?: Labels }

/**
 * Compares the labels of training rows with a classification and with the rows that a model is judged by. Rows without a
 * label at the finest level do not count.
 *
 * @throws KicError `data/no-labels` where no training row has one, `classification/unknown-code` for a label that the
 * classification lacks.
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
    throw new KicError(
      'data/no-labels',
      `labelCoverage: some training row must have a ${finest} of ${classification.name}, received none`,
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
