import type { RowFields } from '../row.ts'

/** The content of a column. */
export type Column =
  | { readonly holds: 'id' }
  /** The whole text of the answer. */
  | { readonly holds: 'text' }
  /** One of the three parts of an answer. */
  | { readonly holds: 'field'; readonly field: keyof RowFields }
  /** The code on one level, counted from the coarsest, 0; lost leading zeros are restored. */
  | { readonly holds: 'label'; readonly depth: number }
  /** A code of any level, written in full: '11' is a division, '011' a group. */
  | { readonly holds: 'code' }
  /** Ignored, or merely passed through. */
  | { readonly holds: 'other' }

/** The mapping from lines of a file to rows, as plain data: a new format is a new value of this type. */
export interface Layout {
  /** A name for reports: 'competition format'. */
  readonly name: string
  /**
   * The separator between cells; `json` if a line is an object with a cell for each key, `none` if a line is one cell, or if
   * cells are already cut, as in Parquet.
   */
  readonly delimiter: '|' | '\t' | ',' | 'json' | 'none'
  /**
   * Whether cells may be quoted as in RFC 4180; if not, a quote is an ordinary character. `whole-cells`: a cell is
   * quoted if the quotes enclose the whole cell and its inner quotes are doubled; its content may contain line breaks
   * and delimiters. Every other quote is an ordinary character.
   */
  readonly quoted: boolean | 'whole-cells'
  /** The first line; undefined if the first line is a row. */
  readonly header: readonly string[] | undefined
  readonly columns: readonly Column[]
  /**
   * Set if `kic predict` wrote the file, so that rows may have no id. `guarded`: it wrote CSV, where an apostrophe before
   * a formula is not part of the cell, whatever its column.
   */
  readonly answers?: 'guarded' | 'plain' | undefined
  /**
   * Whether a labelled row must have a label at every level, as in the competition's files, where a missing label is a
   * fault. In all other files a row may have labels from the coarsest level down to its own.
   */
  readonly completeLabels?: boolean | undefined
}

const competitionHeader = ['AI_id', 'digit_1', 'digit_2', 'digit_3', 'text_obj', 'text_mthd', 'text_deal']

const competitionColumns: readonly Column[] = [
  { holds: 'id' },
  { holds: 'label', depth: 0 },
  { holds: 'label', depth: 1 },
  { holds: 'label', depth: 2 },
  { holds: 'field', field: 'object' },
  { holds: 'field', field: 'method' },
  { holds: 'field', field: 'deal' },
]

/** The training and test files of Statistics Korea's 2022 competition: cells separated by `|`, no quotes. */
export const competitionLayout: Layout = {
  name: 'competition format',
  delimiter: '|',
  quoted: false,
  header: competitionHeader,
  columns: competitionColumns,
  completeLabels: true,
}

/** The competition's answer sheet: the same seven columns as quoted CSV. */
export const answerSheetLayout: Layout = {
  name: 'answer sheet (CSV)',
  delimiter: ',',
  quoted: true,
  header: competitionHeader,
  columns: competitionColumns,
  completeLabels: true,
}

/** `text<TAB>code` without a header; the code may be of any level and is written in full. */
export const textCodeLayout: Layout = {
  name: 'text<TAB>code',
  delimiter: '\t',
  quoted: 'whole-cells',
  header: undefined,
  columns: [{ holds: 'text' }, { holds: 'code' }],
}

/** One unlabelled text per line, for pretraining on the task's own text. */
export const plainTextLayout: Layout = {
  name: 'one text per line',
  delimiter: 'none',
  quoted: false,
  header: undefined,
  columns: [{ holds: 'text' }],
}
