// Invisible characters: format characters (byte order mark, zero-width space and joiners, soft hyphen), control
// characters other than white space, and the blank fillers of Hangul.
const invisible = /[\p{Cf}\u115f\u1160\u3164\uffa0]|(?!\s)\p{Cc}/gu

/** A cell without invisible characters. */
export const withoutInvisible = (cell: string): string => cell.replace(invisible, '')

/**
 * A header cell as a person reads it: composed, without invisible characters and enclosing quotes, trimmed, with each
 * run of white space (line breaks, no-break and ideographic spaces too) as one space.
 */
export const headerName = (cell: string): string => {
  const shown = withoutInvisible(cell.normalize('NFC')).replace(/\s+/g, ' ').trim()
  const quoted = /^"(.*)"$/.exec(shown)?.[1]
  return quoted === undefined ? shown : quoted.replaceAll('""', '"').trim()
}

/** The key for comparing column names: `headerName` in lower case. */
export const headerKey = (cell: string): string => headerName(cell).toLowerCase()

/** The key for similar names: it also ignores full-width forms and white space. */
const looseKey = (cell: string): string => headerKey(cell.normalize('NFKC')).replaceAll(' ', '')

/** The positions of the columns with a name, or of similar names if none is equal. */
export const columnsNamed = (header: readonly string[], name: string): readonly number[] => {
  const positions = (keyOf: (cell: string) => string): number[] => {
    const key = keyOf(name)
    return header.flatMap((cell, i) => (keyOf(cell) === key ? [i] : []))
  }
  const exact = positions(headerKey)
  return exact.length > 0 ? exact : positions(looseKey)
}

/** A distinct name for each column: 'memo', 'memo (2)', and 'column 4' if the header has none. */
export const distinctNames = (header: readonly string[]): readonly string[] => {
  const taken = new Set<string>()
  return header.map((cell, i) => {
    const name = headerName(cell) || `column ${i + 1}`
    let distinct = name
    for (let n = 2; taken.has(distinct); n++) distinct = `${name} (${n})`
    taken.add(distinct)
    return distinct
  })
}

/** A name that is not yet taken: `status`, `status (input)`, `status (input 2)`, … */
export const freeName = (name: string, taken: ReadonlySet<string>): string => {
  let free = name
  for (let n = 1; taken.has(free); n++) free = `${name} (input${n === 1 ? '' : ` ${n}`})`
  return free
}

/** Whether cells are a header, by names as a person reads them. */
export const hasHeader = (cells: readonly string[], header: readonly string[]): boolean =>
  cells.length === header.length && header.every((name, i) => headerKey(name) === headerKey(cells[i] ?? ''))
