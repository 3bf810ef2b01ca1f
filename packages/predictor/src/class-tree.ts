import {
  type Classification,
  codeIndex,
  type Labels,
  labelsOf,
  levelNames,
  nodeOf,
} from '@kic/classification'
import { KicError } from '@kic/core'
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
 * softmax(logits / temperature) of one row.
 *
 * @param logits [C]
 * @param into [C], overwritten and returned: rows one after the other need no memory of their own
 */
export const calibrated = (
  logits: ArrayLike<number>,
  temperature: number,
  into = new Float64Array(logits.length),
): Float64Array => {
  let largest = Number.NEGATIVE_INFINITY
  for (let c = 0; c < into.length; c++) largest = Math.max(largest, logits[c] ?? 0)
  let sum = 0
  for (let c = 0; c < into.length; c++) {
    const weight = Math.exp(((logits[c] ?? 0) - largest) / temperature)
    into[c] = weight
    sum += weight
  }
  for (let c = 0; c < into.length; c++) into[c] = (into[c] ?? 0) / sum
  return into
}

/** Numbers of the `k` largest probabilities, best first; of equal ones the first. */
export const largest = (probabilities: ArrayLike<number>, k: number): readonly number[] => {
  const best: number[] = []
  // Of those found so far the k-th: most classes fall short of it at once.
  let floor = Number.NEGATIVE_INFINITY
  for (let c = 0; c < probabilities.length; c++) {
    const p = probabilities[c] ?? 0
    if (p <= floor) continue
    let at = best.length
    while (at > 0 && p > (probabilities[best[at - 1] ?? 0] ?? 0)) at -= 1
    best.splice(at, 0, c)
    if (best.length > k) best.pop()
    if (best.length === k) floor = probabilities[best[k - 1] ?? 0] ?? 0
  }
  return best
}

/**
 * The answer to one row. Rule: the code at the model's own level is the most probable class; the codes above it are its
 * ancestors, so levels never contradict each other; the confidence at every level is the sum of the probabilities of all
 * classes below that code.
 *
 * @param probabilities [C]
 */
export const readDistribution = (
  tree: ClassTree,
  probabilities: ArrayLike<number>,
  topK: number,
): { readonly codes: Record<string, LevelCode>; readonly top: readonly Candidate[] } => {
  const ranked = largest(probabilities, Math.max(1, topK))
  const codes: Record<string, LevelCode> = {}
  for (const { level, code, name, classes } of tree.paths[ranked[0] ?? 0] ?? []) {
    let confidence = 0
    for (const c of classes) confidence += probabilities[c] ?? 0
    codes[level] = { code, name, confidence: Math.min(1, confidence) }
  }
  const top = ranked.slice(0, topK).map((c) => ({
    code: tree.codes[c] ?? '',
    name: tree.paths[c]?.at(-1)?.name ?? '',
    confidence: probabilities[c] ?? 0,
    labels: tree.labels[c] ?? {},
  }))
  return { codes, top }
}
