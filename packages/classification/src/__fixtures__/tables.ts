import type { Classification, ClassificationNode } from '../classification.ts'

/** A class with its depth and its path, in the order in which tables are printed. */
export interface PrintedClass extends ClassificationNode {
  readonly depth: number
  readonly path: readonly ClassificationNode[]
}

/** The classes of a tree, each above those that belong to it. */
export const printed = ({ levels }: Classification): readonly PrintedClass[] => {
  const below = (depth: number, path: readonly ClassificationNode[]): PrintedClass[] =>
    (levels[depth]?.nodes ?? [])
      .filter(({ parent }) => parent === path.at(-1)?.code)
      .flatMap((node) => {
        const own = [...path, node]
        return [{ ...node, depth, path: own }, ...below(depth + 1, own)]
      })
  return below(0, [])
}

/** Code, name, parent and level of each class. */
export const longTable = (tree: Classification): string[][] => [
  ['Code', 'Name', 'Parent', 'Level'],
  ...printed(tree).map(({ code, name, parent, depth }) => [code, name, parent ?? '', `${depth + 1}`]),
]

/** The same without some of the columns. */
export const without = (table: readonly (readonly string[])[], ...columns: string[]): string[][] =>
  table.map((row) => row.filter((_, i) => !columns.includes(table[0]?.[i] ?? '')))

/** A column of codes and one of names for each level: whole paths, or as with merged cells only what is new. */
export const pathTable = (tree: Classification, cells: 'whole' | 'merged'): string[][] => {
  let before: readonly ClassificationNode[] = []
  const rows = printed(tree)
    .filter(({ depth }) => depth === tree.levels.length - 1)
    .map(({ path }) => {
      const row = path.flatMap((node, i) =>
        cells === 'merged' && before[i] === node ? ['', ''] : [node.code, node.name],
      )
      before = path
      return row
    })
  return [tree.levels.flatMap(({ name }) => [`${name} code`, `${name} name`]), ...rows]
}

/** Codes as a spreadsheet program leaves them that took them for numbers. */
export const asNumbers = (table: readonly (readonly string[])[]): string[][] =>
  table.map((row) => row.map((cell) => (/^\d+(\.\d+)?$/.test(cell) ? String(Number(cell)) : cell)))
