import type { RowFields } from '../row.ts'

/** What a column holds. */
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
  /** Nothing that is wanted, or that is merely passed through. */
  | { readonly holds: 'other' }

/** How the lines of a file become rows: plain data, so that a new format is a new value of this type. */
export interface Layout {
  /** In words, for reports: 'competition format'. */
  readonly name: string
  /** What stands between two cells; `none`: a line is one cell, or cells are cut already, as in Parquet. */
  readonly delimiter: '|' | '\t' | ',' | 'none'
  /**
   * Whether cells may be quoted as in RFC 4180; if not, a quote is a character like any other. `whole-cells`: a cell that
   * is quoted from its first character to its last, its inner quotes doubled, is what it quotes, line breaks and delimiters
   * included; every other quote is a character like any other.
   */
  readonly quoted: boolean | 'whole-cells'
  /** The first line; undefined where the first line is a row. */
  readonly header: readonly string[] | undefined
  readonly columns: readonly Column[]
  /**
   * Where the file was written by `kic predict`, so that rows may have no id: `guarded` if an apostrophe before what a
   * spreadsheet program would run as a formula is not part of the cell.
   */
  readonly answers?: 'guarded' | 'plain' | undefined
  /**
   * Whether a labelled row has a label on every level, as in the competition's files, where a missing one is a fault. In
   * all others a row may have labels from the coarsest level down to its own.
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

/** The training and test files of the 2022 competition of Statistics Korea: `|` between the cells, no quoting. */
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

/** `text<TAB>code` without a header; the code is of any level and written in full. */
export const textCodeLayout: Layout = {
  name: 'text<TAB>code',
  delimiter: '\t',
  quoted: 'whole-cells',
  header: undefined,
  columns: [{ holds: 'text' }, { holds: 'code' }],
}

/** One unlabelled text a line: what pretraining on the task's own text reads. */
export const plainTextLayout: Layout = {
  name: 'one text a line',
  delimiter: 'none',
  quoted: false,
  header: undefined,
  columns: [{ holds: 'text' }],
}
