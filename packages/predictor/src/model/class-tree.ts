import { codeIndex, type Hierarchy, type Labels, labelsOf, levelNames, nodeOf } from '@kic/classification'
import { KicError } from '@kic/core'

/** A code with the classes of a model that stand below it. */
export interface Branch {
  readonly level: string
  readonly code: string
  readonly name: string
  /** Class numbers, ascending. */
  readonly classes: readonly number[]
}

/** How the classes of a model stand in a classification. */
export interface ClassTree {
  readonly hierarchy: Hierarchy
  /** The levels that the model's classes have codes at, coarsest first; the last one is the model's own. */
  readonly levels: readonly string[]
  /** Codes of the model's classes, by class number. */
  readonly codes: readonly string[]
  /** By class number of the model: its branch at every level, coarsest first. */
  readonly paths: readonly (readonly Branch[])[]
  /** Labels by class number of the model. */
  readonly labels: readonly Labels[]
}

/**
 * Finds the level whose codes a model's classes are named after.
 *
 * @param codes names of the classes, by class number
 * @throws KicError `predictor/labels` where no level has them all, or a code stands there twice.
 */
export const classTree = (hierarchy: Hierarchy, codes: readonly string[]): ClassTree => {
  const names = levelNames(hierarchy)
  const level = names.findLast((name) => codes.every((code) => codeIndex(hierarchy, name, code) >= 0))
  if (level === undefined || codes.length === 0 || new Set(codes).size !== codes.length) {
    const stray = codes.find((code) => names.every((name) => codeIndex(hierarchy, name, code) < 0))
    throw new KicError(
      'predictor/labels',
      `loadPredictor: the classes in config.json (id2label) must be different codes of one level of ${hierarchy.name}, ` +
        `received ${stray === undefined ? `${codes.length} codes of several levels or repeated ones` : `'${stray}'`}; ` +
        'name them by their codes, or describe another classification in kic.json',
    )
  }
  const levels = names.slice(0, names.indexOf(level) + 1)
  const labels = codes.map((code) => labelsOf(hierarchy, level, code))
  const paths = codes.map((): Branch[] => [])
  for (const level of levels)
    for (const branch of branchesAt(hierarchy, level, labels)) {
      for (const c of branch.classes) paths[c]?.push(branch)
    }
  return { hierarchy, levels, codes, paths, labels }
}

/** The branches at a level that have classes of the model. */
const branchesAt = (hierarchy: Hierarchy, level: string, labels: readonly Labels[]): Iterable<Branch> => {
  const branches = new Map<string, Branch & { readonly classes: number[] }>()
  for (const [c, { [level]: code = '' }] of labels.entries()) {
    const known = branches.get(code)
    if (known !== undefined) known.classes.push(c)
    else branches.set(code, { level, code, name: nodeOf(hierarchy, level, code)?.name ?? '', classes: [c] })
  }
  return branches.values()
}
