import {
  type AncestorLevel,
  ancestorLevels,
  type Classification,
  codeIndex,
  type Labels,
  labelsOf,
  levelNames,
  nodeOf,
} from '@kic/classification'
import { defined, KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'

/** The source of a network's class names. */
export const CONFIG_PLACE = 'config.json (id2label)'

/** A code and the model's classes below it. */
export interface Branch {
  readonly level: string
  readonly code: string
  readonly name: string
  /** Class numbers, ascending. */
  readonly classes: readonly number[]
}

/** The place of a model's classes in a classification. */
export interface ClassTree {
  readonly classification: Classification
  /** The levels at which the model's classes have codes, coarsest first; the last one is the model's own. */
  readonly levels: readonly string[]
  /** Codes of the model's classes, by class number. */
  readonly codes: readonly string[]
  /** By class number of the model: its branch at each level, coarsest first. */
  readonly paths: readonly (readonly Branch[])[]
  /** Labels by class number of the model. */
  readonly labels: readonly Labels[]
}

/**
 * Finds the level whose codes are the names of a model's classes.
 *
 * @param codes names of the classes, by class number
 * @param place the source of the names, for errors
 * @throws KicError `predictor/labels` if no level has them all, or a code occurs twice
 */
export const classTree = (
  classification: Classification,
  codes: readonly string[],
  place = CONFIG_PLACE,
): ClassTree => {
  const names = levelNames(classification)
  const level = names.findLast((name) => codes.every((code) => codeIndex(classification, name, code) >= 0))
  if (level === undefined || codes.length === 0 || new Set(codes).size !== codes.length) {
    const stray = codes.find((code) => names.every((name) => codeIndex(classification, name, code) < 0))
    throw new KicError<PredictorErrorCode>(
      'predictor/labels',
      `loadPredictor: the classes in ${place} must be distinct codes of one level of ${classification.name}, ` +
        `received ${stray === undefined ? `${codes.length} codes with several levels or repetitions` : `'${stray}'`}. ` +
        'Use codes as names, or describe another classification in kic.json.',
    )
  }
  const ancestors = ancestorLevels(classification, { level, codes })
  const branches = ancestors.map((ancestor) => branchesAt(classification, ancestor))
  return {
    classification,
    levels: ancestors.map(({ name }) => name),
    codes,
    paths: codes.map((_, c) => branches.flatMap((at) => defined(at[c]))),
    labels: codes.map((code) => labelsOf(classification, level, code)),
  }
}

/** For each class of the model, its branch at a level. */
const branchesAt = (
  classification: Classification,
  { name: level, labels, ofClass }: AncestorLevel,
): readonly Branch[] => {
  const branches = new Map<number, Branch & { readonly classes: number[] }>()
  return Array.from(ofClass, (ancestor, c) => {
    const known = branches.get(ancestor)
    if (known !== undefined) {
      known.classes.push(c)
      return known
    }
    const code = defined(labels[ancestor])
    const branch = { level, code, name: defined(nodeOf(classification, level, code)).name, classes: [c] }
    branches.set(ancestor, branch)
    return branch
  })
}
