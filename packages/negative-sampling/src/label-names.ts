import { type Classification, codesOf, nodeOf } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import type { NegativeSamplingErrorCode } from './error-code.ts'

/**
 * The names of a level's classes, by class number.
 *
 * @throws KicError `negative-sampling/label-name` for a class without a name, `classification/unknown-level`
 */
export const labelNames = (classification: Classification, level: string): readonly string[] =>
  checkedNames(
    'labelNames',
    codesOf(classification, level).map((code) => defined(nodeOf(classification, level, code)).name),
    (label) => `${classification.name}: ${level} ${codesOf(classification, level)[label]}`,
  )

/** The names; each must have text. */
export const checkedNames = (
  caller: string,
  names: readonly string[],
  called: (label: number) => string = (label) => `class ${label}`,
): readonly string[] => {
  const nameless = names.findIndex((name) => typeof name !== 'string' || name.trim() === '')
  if (nameless === -1 && names.length > 1) return names
  throw new KicError<NegativeSamplingErrorCode>(
    'negative-sampling/label-name',
    names.length < 2
      ? `${caller}: pairs need at least two classes, received ${names.length} names. Pass one name per class, in their order.`
      : `${caller}: every class must have a name, received ${JSON.stringify(names[nameless])} for ${called(nameless)}. Add it: a pair is a text and the name of a class.`,
  )
}
