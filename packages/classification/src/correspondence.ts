import { KicError } from '@kic/core'
import type { Classification, Labels } from './classification.ts'
import { codeIndex } from './codes-of.ts'
import type { ClassificationErrorCode } from './error-code.ts'
import { labelsOf } from './labels-of.ts'

/** How the codes of one revision of a classification become those of another: plain data, as offices publish it. */
export interface Correspondence {
  readonly from: Classification
  readonly to: Classification
  /** The level that both classifications have and the codes are of. */
  readonly level: string
  /** For each old code all new codes that took over part of it. */
  readonly codes: ReadonlyMap<string, readonly string[]>
}

/** What an old label means in the new revision: one label, several that only a person can choose from, or none. */
export type Translated =
  | { readonly kind: 'one'; readonly labels: Labels }
  | { readonly kind: 'several'; readonly candidates: readonly Labels[] }
  | { readonly kind: 'none' }

/**
 * A correspondence whose codes were checked.
 *
 * @param pairs old code and new code; a code may occur in many pairs.
 * @throws KicError `classification/unknown-level`, or `classification/bad-correspondence` for a code that its
 * classification lacks.
 */
export const createCorrespondence = (
  from: Classification,
  to: Classification,
  level: string,
  pairs: Iterable<readonly [from: string, to: string]>,
): Correspondence => {
  const codes = new Map<string, string[]>()
  for (const [old, next] of pairs) {
    for (const [{ name }, code, known] of [
      [from, old, codeIndex(from, level, old) >= 0],
      [to, next, codeIndex(to, level, next) >= 0],
    ] as const)
      if (!known)
        throw new KicError<ClassificationErrorCode>(
          'classification/bad-correspondence',
          `createCorrespondence: a code must be a ${level} of ${name}, received '${code}' in the pair ${old} → ${next}. ` +
            'Correct the pair, or give the other revision.',
        )
    const known = codes.get(old)
    if (known === undefined) codes.set(old, [next])
    else if (!known.includes(next)) known.push(next)
  }
  return { from, to, level, codes }
}

/** Labels of the old revision in the new one; never a guess where an old class was shared out. */
export const translateLabels = ({ to, level, codes }: Correspondence, labels: Labels): Translated => {
  const [first, ...others] = (codes.get(labels[level] ?? '') ?? []).map((code) => labelsOf(to, level, code))
  if (first === undefined) return { kind: 'none' }
  return others.length === 0
    ? { kind: 'one', labels: first }
    : { kind: 'several', candidates: [first, ...others] }
}
