import { KicError } from '@kic/core'
import { type HierarchyIndex, indexHierarchy, type LevelIndex } from './hierarchy-index.ts'

/** One class of a classification. */
export interface HierarchyNode {
  /** Unique on its level: 'A', '01', '011'. */
  readonly code: string
  /** Code on the level above; absent on the topmost level. */
  readonly parent?: string
  /** Official name, in the language of the classification. */
  readonly name: string
  /** Short English name, where one was given. */
  readonly english?: string
}

/** All classes of one level, in the order of the classification; their positions are the class indices of a model. */
export interface HierarchyLevel {
  readonly name: string
  readonly nodes: readonly HierarchyNode[]
}

/** A classification as plain data: any number of named levels, the coarsest first. */
export interface Hierarchy {
  readonly name: string
  readonly levels: readonly HierarchyLevel[]
}

/** Level name to code, such as `{ section: 'A', division: '01', group: '011' }`; coarser levels are never missing. */
export type Labels = Readonly<Record<string, string>>

/**
 * A hierarchy whose rules were checked: levels and codes are there and unique, every parent stands one level above.
 *
 * @throws KicError `data/bad-hierarchy` naming the level and the code.
 */
export const createHierarchy = (name: string, levels: readonly HierarchyLevel[]): Hierarchy => {
  const fail = (rule: string): never => {
    throw new KicError('data/bad-hierarchy', `createHierarchy: ${name}: ${rule}`)
  }
  if (levels.length === 0) fail('there must be at least one level, received none')
  if (new Set(levels.map((level) => level.name)).size !== levels.length) fail('level names must differ')
  let above: ReadonlySet<string> | undefined
  for (const level of levels) {
    // Objects list such keys first, and labels are listed from coarse to fine.
    if (/^\d+$/.test(level.name)) fail(`a level's name must not be a number, received '${level.name}'`)
    if (level.nodes.length === 0) fail(`level ${level.name} has no classes`)
    const codes = new Set<string>()
    for (const { code, parent } of level.nodes) {
      if (code === '') fail(`level ${level.name} has an empty code`)
      if (codes.has(code)) fail(`level ${level.name} has the code ${code} twice`)
      codes.add(code)
      if (above === undefined && parent !== undefined)
        fail(`${code} is on the topmost level, yet has the parent ${parent}`)
      if (above !== undefined && (parent === undefined || !above.has(parent)))
        fail(`the parent of ${code} (level ${level.name}) must stand on the level above, received ${parent}`)
    }
    above = codes
  }
  return { name, levels }
}

// The index follows from the hierarchy alone, so functions that consult it stay pure.
const indices = new WeakMap<Hierarchy, HierarchyIndex>()

const indexOf = (hierarchy: Hierarchy): HierarchyIndex => {
  const known = indices.get(hierarchy)
  if (known !== undefined) return known
  const index = indexHierarchy(hierarchy)
  indices.set(hierarchy, index)
  return index
}

const levelIndex = (caller: string, hierarchy: Hierarchy, level: string): LevelIndex => {
  const found = indexOf(hierarchy).get(level)
  if (found !== undefined) return found
  const names = levelNames(hierarchy).join(', ')
  throw new KicError(
    'data/unknown-level',
    `${caller}: ${hierarchy.name} has the levels ${names}, received '${level}'`,
  )
}

const entryOf = (caller: string, hierarchy: Hierarchy, level: string, code: string) => {
  const entry = levelIndex(caller, hierarchy, level).byCode.get(code)
  if (entry !== undefined) return entry
  throw new KicError('data/unknown-code', `${caller}: ${hierarchy.name} has no ${level} '${code}'`)
}

/** The names of the levels, coarsest first. */
export const levelNames = (hierarchy: Hierarchy): readonly string[] =>
  hierarchy.levels.map((level) => level.name)

/** The name of the finest level. */
export const finestLevel = (hierarchy: Hierarchy): string => hierarchy.levels.at(-1)?.name ?? ''

/**
 * The codes of a level in the order of the classification: position is the class index.
 *
 * @throws KicError `data/unknown-level`.
 */
export const codesOf = (hierarchy: Hierarchy, level: string): readonly string[] =>
  levelIndex('codesOf', hierarchy, level).codes

/**
 * The position of a code on its level, or −1: the class index of a model.
 *
 * @throws KicError `data/unknown-level`.
 */
export const codeIndex = (hierarchy: Hierarchy, level: string, code: string): number =>
  levelIndex('codeIndex', hierarchy, level).byCode.get(code)?.position ?? -1

/**
 * The class with this code, or undefined.
 *
 * @throws KicError `data/unknown-level`.
 */
export const nodeOf = (hierarchy: Hierarchy, level: string, code: string): HierarchyNode | undefined =>
  levelIndex('nodeOf', hierarchy, level).byCode.get(code)?.node

/** The finest level that has this code, or undefined. */
export const levelOf = (hierarchy: Hierarchy, code: string): string | undefined =>
  levelNames(hierarchy).findLast((level) => levelIndex('levelOf', hierarchy, level).byCode.has(code))

/**
 * The code one level above; undefined on the topmost level.
 *
 * @throws KicError `data/unknown-level`, `data/unknown-code`.
 */
export const parentOf = (hierarchy: Hierarchy, level: string, code: string): string | undefined =>
  entryOf('parentOf', hierarchy, level, code).node.parent

/** A level whose classes are numbers: what models and votes work on. */
export interface NumberedLevel {
  readonly name: string
  /** Code of each class. */
  readonly labels: string[]
  /** For each class the number of the one above it; absent on the topmost level. */
  readonly parents?: number[]
}

/** The levels of a classification, coarsest first, with class numbers for codes. */
export const numberedLevels = (hierarchy: Hierarchy): NumberedLevel[] =>
  levelNames(hierarchy).map((name, depth, names) => {
    const labels = [...codesOf(hierarchy, name)]
    const above = names[depth - 1]
    if (above === undefined) return { name, labels }
    const parents = labels.map((code) => codeIndex(hierarchy, above, parentOf(hierarchy, name, code) ?? ''))
    return { name, labels, parents }
  })

/**
 * The codes above this one, coarsest first.
 *
 * @throws KicError `data/unknown-level`, `data/unknown-code`.
 */
export const ancestorsOf = (hierarchy: Hierarchy, level: string, code: string): readonly string[] =>
  Object.values(entryOf('ancestorsOf', hierarchy, level, code).labels).slice(0, -1)

/**
 * The codes one level below, in the order of the classification; none on the finest level.
 *
 * @throws KicError `data/unknown-level`, `data/unknown-code`.
 */
export const childrenOf = (hierarchy: Hierarchy, level: string, code: string): readonly string[] =>
  entryOf('childrenOf', hierarchy, level, code).children

/**
 * A code with everything above it, by level name. Equal arguments return the same object, so a million rows hold
 * no more label objects than there are classes.
 *
 * @throws KicError `data/unknown-level`, `data/unknown-code`.
 */
export const labelsOf = (hierarchy: Hierarchy, level: string, code: string): Labels =>
  entryOf('labelsOf', hierarchy, level, code).labels

/**
 * The code that a cell means on a known level: the cell itself, or with the leading zeros that a spreadsheet took
 * ('11' is the group '011'); undefined when the level has no such code.
 *
 * @throws KicError `data/unknown-level`.
 */
export const restoreCode = (hierarchy: Hierarchy, level: string, cell: string): string | undefined => {
  const { byCode, width } = levelIndex('restoreCode', hierarchy, level)
  const code = cell.trim()
  if (byCode.has(code)) return code
  if (width === undefined || !/^\d+$/.test(code)) return undefined
  const padded = code.padStart(width, '0')
  return byCode.has(padded) ? padded : undefined
}

/** Whether every code exists and every level belongs to the one above it, so that the labels are one path. */
export const isConsistent = (hierarchy: Hierarchy, labels: Labels): boolean => {
  const finest = levelNames(hierarchy).findLast((level) => labels[level] !== undefined)
  if (finest === undefined) return false
  const path = indexOf(hierarchy)
    .get(finest)
    ?.byCode.get(labels[finest] ?? '')?.labels
  return path !== undefined && Object.entries(path).every(([level, code]) => labels[level] === code)
}

/**
 * The part of a hierarchy that leads to some codes of its finest level, in the old order: what a model that never
 * sees the others should distinguish.
 *
 * @throws KicError `data/unknown-code` for a code that the finest level lacks, `data/bad-hierarchy` for no codes.
 */
export const restrictHierarchy = (
  hierarchy: Hierarchy,
  finestCodes: Iterable<string>,
  name: string = hierarchy.name,
): Hierarchy => {
  const finest = finestLevel(hierarchy)
  const kept = new Map(levelNames(hierarchy).map((level) => [level, new Set<string>()]))
  for (const finestCode of finestCodes) {
    const labels = entryOf('restrictHierarchy', hierarchy, finest, finestCode).labels
    for (const [level, code] of Object.entries(labels)) kept.get(level)?.add(code)
  }
  return createHierarchy(
    name,
    hierarchy.levels.map((level) => ({
      name: level.name,
      nodes: level.nodes.filter((node) => kept.get(level.name)?.has(node.code)),
    })),
  )
}
