import { KicError } from '@kic/core'
import type { Classification } from './classification.ts'
import type { ClassificationErrorCode } from './error-code.ts'
import { type NumberedLevel, numberedLevels } from './numbered-levels.ts'

/** A level seen from the classes of a finer one: what losses, votes, scores, fusion and predictors read. */
export interface AncestorLevel {
  readonly name: string
  /** Codes of this level, by class number. */
  readonly labels: readonly string[]
  /** The class of this level that each of the finer classes belongs to: int32 [C]. */
  readonly ofClass: Int32Array
}

/** Whose ancestors are numbered. */
export interface AncestorOptions {
  /** The level of the classes; the finest one by default. */
  readonly level?: string | undefined
  /** Codes of the classes by class number, where a model has some of the level's, or another order; all by default. */
  readonly codes?: readonly string[] | undefined
}

/**
 * For each class of a level its ancestor at every level down to its own, where each class is its own ancestor: coarsest
 * first, the level itself last.
 *
 * @param tree a classification, or its `numberedLevels` as an ensemble's file has them
 * @throws KicError `classification/unknown-level`, `classification/unknown-code`, `classification/bad-tree`.
 */
export const ancestorLevels = (
  tree: Classification | readonly NumberedLevel[],
  { level, codes }: AncestorOptions = {},
): readonly AncestorLevel[] => {
  const levels = 'levels' in tree ? numberedLevels(tree) : tree
  const depth = level === undefined ? levels.length - 1 : levels.findIndex(({ name }) => name === level)
  const own = levels[depth]
  if (own === undefined)
    throw new KicError<ClassificationErrorCode>(
      'classification/unknown-level',
      `ancestorLevels: a level is one of ${levels.map(({ name }) => name).join(', ')}, received '${level}'. Name one of them.`,
    )
  const ancestors: AncestorLevel[] = []
  let ofClass = codes === undefined ? Int32Array.from(own.labels.keys()) : positions(own, codes)
  for (const { name, labels, parents } of levels.slice(0, depth + 1).reverse()) {
    ancestors.push({ name, labels, ofClass })
    if (ancestors.length <= depth) ofClass = ofClass.map((c) => parents?.[c] ?? noParent(name, labels[c]))
  }
  return ancestors.reverse()
}

const noParent = (level: string, code: string | undefined): never => {
  throw new KicError<ClassificationErrorCode>(
    'classification/bad-tree',
    `ancestorLevels: a class below the coarsest level must have a parent, received ${level} '${code}' without. ` +
      'Take the levels from numberedLevels.',
  )
}

const positions = ({ name, labels }: NumberedLevel, codes: readonly string[]): Int32Array => {
  const position = new Map(labels.map((label, i) => [label, i]))
  return Int32Array.from(codes, (code) => {
    const at = position.get(code)
    if (at !== undefined) return at
    throw new KicError<ClassificationErrorCode>(
      'classification/unknown-code',
      `ancestorLevels: a class must be a ${name} of the classification, received '${code}'. Give codes of that level.`,
    )
  })
}
