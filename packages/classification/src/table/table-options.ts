import type { HeaderWords } from './header-words.ts'
import type { CodeNesting } from './place-by-code.ts'
import type { TableColumnNames } from './table-columns.ts'

/** How a table of classes is read. */
export interface ClassificationTableOptions {
  /** The classification's name; default: the source's, or 'classification'. */
  readonly name?: string | undefined
  /** What the table is called in errors: the name of its file. */
  readonly source?: string | undefined
  /** Which columns hold what, by their header cells; by default they are found by their words. */
  readonly columns?: TableColumnNames | undefined
  /** Words of headers in another language, in small letters; English ones are known. */
  readonly words?: Partial<HeaderWords> | undefined
  /** Names of the levels, coarsest first; default: the table's own, or section, division, …, or level1, level2, …. */
  readonly levels?: readonly string[] | undefined
  /** How many levels are read, from the coarsest; default: all. */
  readonly depth?: number | undefined
  /** What of a code tells its level, in tables without columns of parents or levels; default: what fits. */
  readonly nesting?: CodeNesting | undefined
}
