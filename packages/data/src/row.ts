import type { Labels } from '@kic/classification'
import { UNEVEN_SPACE } from './prepare/frozen-classes.ts'

/** The three parts of an answer, each exactly as it stands in the file. */
export interface RowFields {
  /** Where or with what: '카센터에서'. */
  readonly object: string
  /** How: '자동차부분정비'. */
  readonly method: string
  /** What is made, sold or given: '타이어오일교환'. */
  readonly deal: string
}

/** One answer. */
export interface Row {
  /** The file's own id, or `<file name>:<line>` where it has none. */
  readonly id: string
  /** Where it starts in its file, counted from 1, the header included. */
  readonly line: number
  /** The fields joined, trimmed, single-spaced, normalised where that was asked for; never empty. */
  readonly text: string
  /** The separate fields, where the format has them. */
  readonly fields?: RowFields
  /** From the coarsest level down to the row's own; absent on rows that are to be predicted. */
  readonly labels?: Labels
  /** The cells of columns that are not understood, by their names, where they are to be passed through. */
  readonly others?: Readonly<Record<string, string>>
}

/**
 * Trims a text and turns every run of white space (ideographic and no-break spaces too) into one space: as `prepareText`
 * does, so that a text of a file and the same text from elsewhere are prepared alike.
 */
export const singleSpaced = (text: string): string => text.replace(UNEVEN_SPACE, ' ').replace(/^ | $/g, '')

/** The text of an answer: object, method and deal in this order, each single-spaced, empty ones left out. */
export const joinFields = ({ object, method, deal }: RowFields): string =>
  singleSpaced(`${object} ${method} ${deal}`)
