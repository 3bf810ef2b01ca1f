import { KicError } from '@kic/core'
import type { Classification, ClassificationNode, Labels } from './classification.ts'
import type { ClassificationErrorCode } from './error-code.ts'

/** What is known about one code of one level. */
export interface CodeEntry {
  readonly node: ClassificationNode
  readonly position: number
  /** The path from the coarsest level to this code, in the order of the levels. */
  readonly labels: Labels
  readonly children: readonly string[]
}

/** Lookups at one level. */
export interface LevelIndex {
  readonly codes: readonly string[]
  readonly byCode: ReadonlyMap<string, CodeEntry>
  /** How many digits the codes have, where all are digits and equally long. */
  readonly width: number | undefined
}

/** Lookups by level name. */
export type ClassificationIndex = ReadonlyMap<string, LevelIndex>

const commonWidth = (codes: readonly string[]): number | undefined => {
  const width = codes[0]?.length
  return codes.every((code) => code.length === width && /^\d+$/.test(code)) ? width : undefined
}

const childrenByParent = (nodes: readonly ClassificationNode[]): ReadonlyMap<string, readonly string[]> => {
  const children = new Map<string, string[]>()
  for (const { code, parent = '' } of nodes) {
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [code])
    else siblings.push(code)
  }
  return children
}

const indexClassification = ({ levels }: Classification): ClassificationIndex => {
  const index = new Map<string, LevelIndex>()
  let above: ReadonlyMap<string, CodeEntry> = new Map()
  levels.forEach((level, depth) => {
    const childrenOf = childrenByParent(levels[depth + 1]?.nodes ?? [])
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

// The index follows from the classification alone, so functions that consult it stay pure.
const indices = new WeakMap<Classification, ClassificationIndex>()

/** The lookups of a classification: made once, however many rows are read. */
export const indexOf = (classification: Classification): ClassificationIndex => {
  const known = indices.get(classification)
  if (known !== undefined) return known
  const index = indexClassification(classification)
  indices.set(classification, index)
  return index
}

/** @throws KicError `classification/unknown-level`. */
export const levelIndex = (caller: string, classification: Classification, level: string): LevelIndex => {
  const found = indexOf(classification).get(level)
  if (found !== undefined) return found
  throw new KicError<ClassificationErrorCode>(
    'classification/unknown-level',
    `${caller}: a level of ${classification.name} is one of ${[...indexOf(classification).keys()].join(', ')}, ` +
      `received '${level}'. Name one of them.`,
  )
}

/** @throws KicError `classification/unknown-level`, `classification/unknown-code`. */
export const entryOf = (
  caller: string,
  classification: Classification,
  level: string,
  code: string,
): CodeEntry => {
  const entry = levelIndex(caller, classification, level).byCode.get(code)
  if (entry !== undefined) return entry
  throw new KicError<ClassificationErrorCode>(
    'classification/unknown-code',
    `${caller}: a ${level} must be a code of ${classification.name}, received '${code}'. codesOf lists them.`,
  )
}
