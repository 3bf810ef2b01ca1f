import {
  type Classification,
  codeIndex,
  type Labels,
  labelsOf,
  levelNames,
  nodeOf,
} from '@kic/classification'
import { KicError } from '@kic/core'
import { topK } from '@kic/scores'
import type { Candidate, LevelCode } from './prediction.ts'

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
  readonly classification: Classification
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
export const classTree = (classification: Classification, codes: readonly string[]): ClassTree => {
  const names = levelNames(classification)
  const level = names.findLast((name) => codes.every((code) => codeIndex(classification, name, code) >= 0))
  if (level === undefined || codes.length === 0 || new Set(codes).size !== codes.length) {
    const stray = codes.find((code) => names.every((name) => codeIndex(classification, name, code) < 0))
    throw new KicError(
      'predictor/labels',
      `loadPredictor: the classes in config.json (id2label) must be different codes of one level of ${classification.name}, ` +
        `received ${stray === undefined ? `${codes.length} codes of several levels or repeated ones` : `'${stray}'`}; ` +
        'name them by their codes, or describe another classification in kic.json',
    )
  }
  const levels = names.slice(0, names.indexOf(level) + 1)
  const labels = codes.map((code) => labelsOf(classification, level, code))
  const paths = codes.map((): Branch[] => [])
  for (const level of levels)
    for (const branch of branchesAt(classification, level, labels)) {
      for (const c of branch.classes) paths[c]?.push(branch)
    }
  return { classification, levels, codes, paths, labels }
}

/** The branches at a level that have classes of the model. */
const branchesAt = (
  classification: Classification,
  level: string,
  labels: readonly Labels[],
): Iterable<Branch> => {
  const branches = new Map<string, Branch & { readonly classes: number[] }>()
  for (const [c, { [level]: code = '' }] of labels.entries()) {
    const known = branches.get(code)
    if (known !== undefined) known.classes.push(c)
    else
      branches.set(code, { level, code, name: nodeOf(classification, level, code)?.name ?? '', classes: [c] })
  }
  return branches.values()
}

/**
 * The answer to one row. Rule: the code at the model's own level is the most probable class; the codes above it are its
 * ancestors, so levels never contradict each other; the confidence at every level is the sum of the probabilities of all
 * classes below that code.
 *
 * @param probabilities [C]
 * @param candidates how many of the most probable classes are listed
 */
export const readDistribution = (
  tree: ClassTree,
  probabilities: ArrayLike<number>,
  candidates: number,
): { readonly codes: Record<string, LevelCode>; readonly top: readonly Candidate[] } => {
  const ranked = topK(probabilities, Math.max(1, candidates))
  const codes: Record<string, LevelCode> = {}
  for (const { level, code, name, classes } of tree.paths[ranked[0] ?? 0] ?? []) {
    let confidence = 0
    for (const c of classes) confidence += probabilities[c] ?? 0
    codes[level] = { code, name, confidence: Math.min(1, confidence) }
  }
  const top = ranked.slice(0, candidates).map((c) => ({
    code: tree.codes[c] ?? '',
    name: tree.paths[c]?.at(-1)?.name ?? '',
    confidence: probabilities[c] ?? 0,
    labels: tree.labels[c] ?? {},
  }))
  return { codes, top }
}
