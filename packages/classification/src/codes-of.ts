import type { Classification, ClassificationNode } from './classification.ts'
import { levelIndex } from './classification-index.ts'
import { levelNames } from './level-names.ts'

/**
 * The codes of a level in the order of the classification: position is the class index.
 *
 * @throws KicError `classification/unknown-level`.
 */
export const codesOf = (classification: Classification, level: string): readonly string[] =>
  levelIndex('codesOf', classification, level).codes

/**
 * The position of a code at its level, or −1: the class index of a model.
 *
 * @throws KicError `classification/unknown-level`.
 */
export const codeIndex = (classification: Classification, level: string, code: string): number =>
  levelIndex('codeIndex', classification, level).byCode.get(code)?.position ?? -1

/**
 * The class with this code, or undefined.
 *
 * @throws KicError `classification/unknown-level`.
 */
export const nodeOf = (
  classification: Classification,
  level: string,
  code: string,
): ClassificationNode | undefined => levelIndex('nodeOf', classification, level).byCode.get(code)?.node

/** The finest level that has this code, or undefined. */
export const levelOf = (classification: Classification, code: string): string | undefined =>
  levelNames(classification).findLast((level) => codeIndex(classification, level, code) >= 0)
