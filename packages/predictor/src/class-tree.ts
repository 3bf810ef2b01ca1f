import { KicError } from '@kic/core'
import { codeIndex, type Hierarchy, type Labels, labelsOf, levelNames, nodeOf } from '@kic/data/ksic'
import type { Candidate, LevelCode } from './prediction.ts'

/** How the classes of a model stand in a classification. */
export interface ClassTree {
  readonly hierarchy: Hierarchy
  /** The levels that the model's classes have codes at, coarsest first; the last one is the model's own. */
  readonly levels: readonly string[]
  /** Codes of the model's classes, by class number. */
  readonly codes: readonly string[]
  /** For each level: which class of the level each of the model's classes belongs to. */
  readonly ancestors: readonly Int32Array[]
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
  const ancestors = levels.map((name) =>
    Int32Array.from(labels, (path) => codeIndex(hierarchy, name, path[name] ?? '')),
  )
  return { hierarchy, levels, codes, ancestors, labels }
}

/** softmax(logits / temperature) of one row, [C]. */
export const calibrated = (logits: ArrayLike<number>, temperature: number): Float64Array => {
  let largest = Number.NEGATIVE_INFINITY
  for (let c = 0; c < logits.length; c++) largest = Math.max(largest, logits[c] ?? 0)
  const result = Float64Array.from(logits, (z) => Math.exp((z - largest) / temperature))
  const sum = result.reduce((a, b) => a + b, 0)
  return result.map((weight) => weight / sum)
}

/** Numbers of the `k` largest probabilities, best first; of equal ones the first. */
export const largest = (probabilities: ArrayLike<number>, k: number): readonly number[] => {
  const best: number[] = []
  for (let c = 0; c < probabilities.length; c++) {
    const p = probabilities[c] ?? 0
    if (best.length === k && p <= (probabilities[best[k - 1] ?? 0] ?? 0)) continue
    const at = best.findIndex((other) => p > (probabilities[other] ?? 0))
    best.splice(at < 0 ? best.length : at, 0, c)
    if (best.length > k) best.pop()
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
  const winner = ranked[0] ?? 0
  const own = tree.levels.at(-1) ?? ''
  const codes: Record<string, LevelCode> = {}
  tree.levels.forEach((level, depth) => {
    const ancestor = tree.ancestors[depth]
    const wanted = ancestor?.[winner]
    let confidence = 0
    for (let c = 0; c < probabilities.length; c++) {
      if (ancestor?.[c] === wanted) confidence += probabilities[c] ?? 0
    }
    const code = tree.labels[winner]?.[level] ?? ''
    codes[level] = { code, name: nameOf(tree, level, code), confidence: Math.min(1, confidence) }
  })
  const top = ranked.slice(0, topK).map((c) => {
    const code = tree.codes[c] ?? ''
    return {
      code,
      name: nameOf(tree, own, code),
      confidence: probabilities[c] ?? 0,
      labels: tree.labels[c] ?? {},
    }
  })
  return { codes, top }
}

const nameOf = ({ hierarchy }: ClassTree, level: string, code: string): string =>
  nodeOf(hierarchy, level, code)?.name ?? ''
