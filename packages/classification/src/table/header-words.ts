/** What the headers of tables call their columns, in small letters. */
export interface HeaderWords {
  readonly code: readonly string[]
  readonly name: readonly string[]
  readonly parent: readonly string[]
  readonly level: readonly string[]
  readonly english: readonly string[]
  /** Names of levels, where each level has columns of its own. */
  readonly levels: readonly string[]
}

/** The words of tables in English; for other languages give `words`. */
export const englishWords: HeaderWords = {
  code: ['code', 'codes'],
  name: ['name', 'title', 'description', 'label'],
  parent: ['parent', 'parent code', 'parent id', 'broader'],
  level: ['level', 'hierarchical structure'],
  english: ['english', 'english name', 'english title'],
  levels: [
    ...['section', 'subsection', 'division', 'group', 'class', 'subclass', 'category', 'subcategory'],
    ...['sector', 'subsector', 'industry group', 'industry', 'national industry'],
    ...['major group', 'sub major group', 'minor group', 'unit group', 'chapter', 'heading', 'subheading'],
  ],
}

/**
 * A header cell or a level's name as it is compared: small letters, one space for every other sign, without the text in
 * brackets. 'Section_Code (21)' is 'section code'.
 */
export const headerKey = (cell: string): string =>
  cell
    .normalize('NFKC')
    .replace(/\([^)]*\)/g, ' ')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
