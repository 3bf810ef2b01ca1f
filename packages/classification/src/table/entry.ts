/** A class as a row of a table has it, before its place is known. */
export interface ListRow {
  readonly line: number
  readonly code: string
  readonly name: string
  readonly english: string
  /** The cell of the column of parents; '' where it is empty or there is none. */
  readonly parent: string
  /** The cell of the column of levels, in small letters. */
  readonly level: string
}

/** A class with its place in the tree. */
export interface Entry {
  readonly line: number
  /** As the table has it, or with its zeros restored. */
  readonly code: string
  readonly name: string
  readonly english: string
  /** 0 at the coarsest level. */
  readonly depth: number
  readonly parent: Entry | undefined
}

/** A class whose level is known. */
export type LevelledRow = Omit<Entry, 'parent'>

/** What a code is called in messages. */
export const quoted = (code: string): string => `'${code}'`

/** The entries of each level, coarsest first. */
export const byDepth = <T extends { readonly depth: number }>(entries: readonly T[]): readonly T[][] => {
  const levels: T[][] = []
  for (const entry of entries) {
    while (levels.length <= entry.depth) levels.push([])
    levels[entry.depth]?.push(entry)
  }
  return levels
}
