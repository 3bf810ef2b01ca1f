/** A way to name goods that the lexicon of a group does not list one by one. */
export interface GoodsRule {
  /** Share of the group's goods that this rule names. */
  readonly share: number
  /** Groups of the lexicon whose products are the stem. */
  readonly makers: readonly string[]
  /** Groups of the lexicon whose methods are the stem: '압출', for a machine that does it. */
  readonly workers: readonly string[]
  /** Words that may be the stem as well. */
  readonly stems: readonly string[]
  /** Of all stems only those in which this is found. */
  readonly only?: RegExp | undefined
  /** Of all stems none in which this is found. */
  readonly except?: RegExp | undefined
  /** Text before the stem; may be empty. */
  readonly before: readonly string[]
  /** Text after the stem; may be empty. */
  readonly after: readonly string[]
}

const split = (text: string | undefined): readonly string[] => (text ?? '').split(/\s+/).filter(Boolean)

/** A rule as it is written down: `GoodsRule` explains the words. */
export interface CompactRule {
  readonly makers?: string | undefined
  readonly workers?: string | undefined
  readonly stems?: string | undefined
  readonly before?: string | undefined
  readonly after?: string | undefined
  readonly only?: RegExp | undefined
  readonly except?: RegExp | undefined
}

/** Writes a rule compactly: lists are words between white space. */
export const rule = (
  share: number,
  { makers, workers, stems, before, after, ...filters }: CompactRule,
): GoodsRule => ({
  share,
  makers: split(makers),
  workers: split(workers),
  stems: split(stems),
  before: split(before),
  after: split(after),
  ...filters,
})
