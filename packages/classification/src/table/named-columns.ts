import { headerKey } from './header-words.ts'
import type { TableColumnNames, TableColumns } from './table-columns.ts'

/** The columns that were named from outside; undefined where the header lacks one of them, or they are too few. */
export const namedColumns = (
  header: readonly string[],
  { levels, ...names }: TableColumnNames,
): TableColumns | undefined => {
  const keys = header.map(headerKey)
  let missing = false
  const at = (name: string | undefined): number | undefined => {
    if (name === undefined) return undefined
    const found = keys.indexOf(headerKey(name))
    if (found < 0) missing = true
    return found < 0 ? undefined : found
  }
  const [code, name, parent, level, english] = [
    ...[at(names.code), at(names.name), at(names.parent)],
    ...[at(names.level), at(names.english)],
  ]
  const columns = levels?.map((own) => ({
    level: own.level ?? headerKey(own.code),
    code: at(own.code) ?? -1,
    name: at(own.name),
  }))
  if (missing) return undefined
  if (columns !== undefined) return { form: 'path', levels: columns, name }
  return code === undefined || name === undefined
    ? undefined
    : { form: 'list', code, name, parent, level, english }
}
