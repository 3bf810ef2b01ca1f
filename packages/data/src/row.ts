import type { Labels } from '@kic/classification'
import { UNEVEN_SPACE } from './prepare/frozen-classes.ts'

/** The three parts of an answer, exactly as in the file. */
export interface RowFields {
  /** Where or with what: '카센터에서'. */
  readonly object: string
  /** The activity: '자동차부분정비'. */
  readonly method: string
  /** The product or service: '타이어오일교환'. */
  readonly deal: string
}

/** One answer. */
export interface Row {
  /** The file's own id, or `<file name>:<line>` if it has none. */
  readonly id: string
  /** Its first line in the file, counted from 1, including the header. */
  readonly line: number
  /** The joined fields, trimmed, single-spaced, normalised if requested; never empty. */
  readonly text: string
  /** The separate fields, if the format has them. */
  readonly fields?: RowFields | undefined
  /** From the coarsest level down to the row's own; absent on rows to predict. */
  readonly labels?: Labels | undefined
  /** The cells of other columns by name, if they are passed through. */
  readonly others?: Readonly<Record<string, string>> | undefined
}

/**
 * Trims a text and turns every run of white space (ideographic and no-break spaces too) into one space, as
 * `prepareText` does, so that equal texts from files and elsewhere are prepared alike.
 */
export const singleSpaced = (text: string): string => text.replace(UNEVEN_SPACE, ' ').replace(/^ | $/g, '')

/** The text of an answer: object, method and deal in this order, each single-spaced, without empty ones. */
export const joinFields = ({ object, method, deal }: RowFields): string =>
  singleSpaced(`${object} ${method} ${deal}`)
