import { type HeaderWords, headerKey } from './header-words.ts'
import type { LevelColumns, TableColumns } from './table-columns.ts'

const endsIn = (key: string, words: readonly string[]): string | undefined =>
  words.find((word) => key.endsWith(word) && key !== word)

/** The column of a role: called by one of the words, or else ending or beginning so; undefined for none or several. */
const columnOf = (
  keys: readonly string[],
  words: readonly string[],
  taken: ReadonlySet<number>,
): number | undefined => {
  const free = (fits: (key: string) => boolean): readonly number[] =>
    keys.flatMap((key, i) => (!taken.has(i) && fits(key) ? [i] : []))
  for (const fits of [
    ...words.map((word) => (key: string) => key === word),
    (key: string) => endsIn(key, words) !== undefined,
    (key: string) => words.some((word) => key.startsWith(`${word} `) && !/^level \d/.test(key)),
  ]) {
    const [found, ...others] = free(fits)
    if (found !== undefined) return others.length === 0 ? found : undefined
  }
  return undefined
}

/** The level whose column is called so, and what it holds of it. */
const levelPart = (key: string, { code, name, levels }: HeaderWords) => {
  const isLevel = (word: string): boolean => levels.includes(word) || /^level \d+$/.test(word)
  if (isLevel(key)) return { level: key, part: 'code' } as const
  for (const [part, words] of [['code', code] as const, ['name', name] as const]) {
    const word = endsIn(key, words)
    const level = word === undefined ? '' : key.slice(0, -word.length).trim()
    if (isLevel(level)) return { level, part } as const
  }
  return undefined
}

const pathColumns = (keys: readonly string[], words: HeaderWords): TableColumns | undefined => {
  const levels = new Map<string, { code?: number | undefined; name?: number | undefined }>()
  keys.forEach((key, i) => {
    const found = levelPart(key, words)
    if (found === undefined) return
    const known = levels.get(found.level) ?? {}
    levels.set(found.level, { [found.part]: i, ...known })
  })
  const columns: LevelColumns[] = []
  for (const [level, { code, name }] of levels) if (code !== undefined) columns.push({ level, code, name })
  if (columns.length < 2) return undefined
  const taken = new Set(columns.flatMap(({ code, name }) => (name === undefined ? [code] : [code, name])))
  const name = columnOf(keys, words.name, taken)
  const named = name !== undefined || columns.every((column) => column.name !== undefined)
  return named ? { form: 'path', levels: columns, name } : undefined
}

/** The columns of a header whose words are known; undefined where they are not, or could mean several. */
export const understoodColumns = (
  header: readonly string[],
  words: HeaderWords,
): TableColumns | undefined => {
  const keys = header.map(headerKey)
  const path = pathColumns(keys, words)
  if (path !== undefined) return path
  const taken = new Set<number>()
  const take = (role: readonly string[]): number | undefined => {
    const found = columnOf(keys, role, taken)
    if (found !== undefined) taken.add(found)
    return found
  }
  // A parent's code and a level's name are no codes and names of the row's own class.
  const parent = take(words.parent)
  const level = take(words.level)
  const english = take(words.english)
  const code = take(words.code)
  const name = take(words.name)
  return code === undefined || name === undefined
    ? undefined
    : { form: 'list', code, name, parent, level, english }
}
