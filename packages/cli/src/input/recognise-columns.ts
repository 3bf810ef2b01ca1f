import { type Classification, flatClassification } from '@kic/classification'
import { isKicError } from '@kic/core'
import type { Layout } from '@kic/data'
import type { ReadOptions } from '@kic/data/node'

/** The level of labels of one's own, and the name of their column. */
export const OWN_LEVEL = 'label'

/** The layout of a file, and what its header calls the labels. */
export interface RecognisedColumns {
  readonly layout: Layout
  /** A column called `label`, or codes and levels of the known classification, if there are any. */
  readonly by: 'label' | 'codes'
}

/** A classification without any real label: it makes a column called `label` one of labels. */
const anyLabels = flatClassification(['\u0000'], { level: OWN_LEVEL })

/**
 * Recognises the columns of a file: by a column called `label`, or else by the known classification.
 *
 * @throws KicError as `recogniseLayout`
 */
export const recogniseColumns = async (
  path: string,
  reading: ReadOptions,
  known: Classification,
): Promise<RecognisedColumns> => {
  const { recogniseLayout } = await import('@kic/data/node')
  let failure: unknown
  const own = await recogniseLayout(path, { ...reading, classification: anyLabels }).catch(
    (error: unknown) => {
      if (!isKicError(error)) throw error
      failure = error
    },
  )
  if (own?.columns.some(({ holds }) => holds === 'label')) return { layout: own, by: 'label' }
  const layout = await recogniseLayout(path, { ...reading, classification: known }).catch(
    (error: unknown) => {
      // Of two lists of column names, the one with label is for everybody.
      throw isUnknown(error) && isUnknown(failure) ? failure : error
    },
  )
  return { layout, by: 'codes' }
}

const isUnknown = (error: unknown): boolean => isKicError(error) && error.code === 'data/unknown-format'
