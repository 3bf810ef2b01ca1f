/** The header cells of columns, where they are not understood by themselves. */
export interface TableColumnNames {
  readonly code?: string | undefined
  readonly name?: string | undefined
  readonly parent?: string | undefined
  readonly level?: string | undefined
  readonly english?: string | undefined
  /** Where each level has columns of its own, coarsest first; a level without `name` takes the column `name`. */
  readonly levels?:
    | readonly {
        /** The level's name; default: as the column of codes is called. */
        readonly level?: string | undefined
        readonly code: string
        readonly name?: string | undefined
      }[]
    | undefined
}

/** A row is a class: its code, its name, and what tells its place. */
export interface ListColumns {
  readonly form: 'list'
  readonly code: number
  readonly name: number
  readonly parent: number | undefined
  readonly level: number | undefined
  readonly english: number | undefined
}

/** The columns of one level. */
export interface LevelColumns {
  readonly level: string
  readonly code: number
  readonly name: number | undefined
}

/** A row is a path: each level has a column of codes, and names beside them or in one column for all. */
export interface PathColumns {
  readonly form: 'path'
  /** Coarsest first. */
  readonly levels: readonly LevelColumns[]
  /** Names of the finest code of a row. */
  readonly name: number | undefined
}

/** Which columns hold what, by position. */
export type TableColumns = ListColumns | PathColumns
