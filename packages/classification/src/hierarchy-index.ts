import type { Hierarchy, HierarchyNode, Labels } from './hierarchy.ts'

/** What is known about one code of one level. */
export interface CodeEntry {
  readonly node: HierarchyNode
  readonly position: number
  /** The path from the coarsest level to this code, in the order of the levels. */
  readonly labels: Labels
  readonly children: readonly string[]
}

/** Lookups on one level. */
export interface LevelIndex {
  readonly codes: readonly string[]
  readonly byCode: ReadonlyMap<string, CodeEntry>
  /** How many digits the codes have, where all are digits and equally long. */
  readonly width: number | undefined
}

/** Lookups by level name. */
export type HierarchyIndex = ReadonlyMap<string, LevelIndex>

const commonWidth = (codes: readonly string[]): number | undefined => {
  const width = codes[0]?.length
  return codes.every((code) => code.length === width && /^\d+$/.test(code)) ? width : undefined
}

/** Prepares the lookups of a hierarchy: once for each hierarchy, however many rows are read. */
export const indexHierarchy = (hierarchy: Hierarchy): HierarchyIndex => {
  const index = new Map<string, LevelIndex>()
  let above: ReadonlyMap<string, CodeEntry> = new Map()
  hierarchy.levels.forEach((level, depth) => {
    const childrenOf = new Map<string, string[]>()
    for (const { code, parent } of hierarchy.levels[depth + 1]?.nodes ?? []) {
      const siblings = childrenOf.get(parent ?? '')
      if (siblings === undefined) childrenOf.set(parent ?? '', [code])
      else siblings.push(code)
    }
    const byCode = new Map<string, CodeEntry>()
    level.nodes.forEach((node, position) => {
      const inherited = node.parent === undefined ? {} : above.get(node.parent)?.labels
      const labels = Object.freeze({ ...inherited, [level.name]: node.code })
      byCode.set(node.code, { node, position, labels, children: childrenOf.get(node.code) ?? [] })
    })
    const codes = level.nodes.map((node) => node.code)
    index.set(level.name, { codes, byCode, width: commonWidth(codes) })
    above = byCode
  })
  return index
}
