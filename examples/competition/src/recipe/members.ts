/** Size of an encoder; the preset defines each size. */
export type SizeName = 'small' | 'base' | 'large'

/** What a classifier's encoder begins with. */
export type Start =
  /** A checkpoint of general text, or the preset's encoder of the task's own text without one. */
  | 'pretrained'
  /** Task-adaptive pretraining. */
  | 'tapt'
  /** Task-adaptive pretraining, then pairs of texts and class names. */
  | 'tapt+pairs'

/** One of the classifiers that vote. */
export interface MemberRecipe {
  readonly name: string
  /** The level's name in KSIC; `onLevelsOf` maps it to another classification. */
  readonly level: string
  readonly size: SizeName
  readonly start: Start
  /** A head by its name: `standard`, `bilstm`, or that of a package `@kic/heads-<name>`. */
  readonly head: string
  /** Whether the frozen encoder of the level above is added: the member of that level and size that has no fusion itself. */
  readonly fusion: 'none' | 'previous-level'
  readonly loss: 'cross-entropy' | 'accuracy'
  readonly seed: number
}

/** A member named after its differences from the plainest one. */
export const member = (
  level: 'division' | 'group',
  size: SizeName,
  start: Start,
  seed: number,
  { head = 'standard', fusion = 'none', loss = 'cross-entropy' }: Partial<MemberRecipe> = {},
): MemberRecipe => ({
  name: [
    level,
    size,
    ...(start === 'pretrained' ? [] : [start.replace('+', '-')]),
    ...(head === 'standard' ? [] : [head]),
    ...(fusion === 'none' ? [] : ['fusion']),
    ...(loss === 'cross-entropy' ? [] : [loss]),
  ].join('-'),
  level,
  size,
  start,
  head,
  fusion,
  loss,
  seed,
})

/**
 * Twelve group members and three division members, as the write-up counts them. It does not list them; these cover its
 * techniques, each at least once in a pair that differs in nothing else, and the combinations that its code shows: the
 * fused model begins with the encoder of negative sampling and reads a frozen division model.
 */
export const FIFTEEN: readonly MemberRecipe[] = [
  member('group', 'small', 'pretrained', 1),
  member('group', 'small', 'pretrained', 2, { loss: 'accuracy' }),
  member('group', 'base', 'pretrained', 3),
  member('group', 'base', 'pretrained', 4, { loss: 'accuracy' }),
  member('group', 'base', 'pretrained', 5, { head: 'bilstm' }),
  member('group', 'base', 'tapt', 6, { fusion: 'previous-level' }),
  member('group', 'large', 'pretrained', 7),
  member('group', 'large', 'tapt', 8),
  member('group', 'large', 'tapt+pairs', 9),
  member('group', 'large', 'tapt+pairs', 10, { head: 'bilstm' }),
  member('group', 'large', 'tapt+pairs', 11, { fusion: 'previous-level' }),
  member('group', 'large', 'tapt+pairs', 12, { loss: 'accuracy' }),
  member('division', 'base', 'tapt', 13),
  member('division', 'large', 'tapt', 14),
  member('division', 'large', 'tapt+pairs', 15),
]

/**
 * A member whose head reads the n-grams, and the mean of the tokens instead of the first: encoders trained from scratch have
 * not learned to gather a text in its first token, and learn much sooner so. The name stays.
 */
export const fromScratch = (one: MemberRecipe): MemberRecipe => ({
  ...one,
  head: one.head === 'standard' ? 'ngram' : `${one.head}+ngrams`,
})

/** The members whose confusions on validation rows feed negative sampling: as published, a small and a large one. */
export const EARLIER: readonly string[] = ['group-small', 'group-large']

/** Pairs of members that differ in one technique; their scores show its effect. */
export const techniquePairs = (
  members: readonly MemberRecipe[],
): readonly { readonly technique: string; readonly without: MemberRecipe; readonly with: MemberRecipe }[] => {
  const techniques = [
    { key: 'start', name: 'TAPT', from: 'pretrained', to: 'tapt' },
    { key: 'start', name: 'negative sampling', from: 'tapt', to: 'tapt+pairs' },
    { key: 'head', name: 'BiLSTM', from: 'standard', to: 'bilstm' },
    { key: 'head', name: 'BiLSTM', from: 'ngram', to: 'bilstm+ngrams' },
    { key: 'fusion', name: 'hierarchical fusion', from: 'none', to: 'previous-level' },
    { key: 'loss', name: 'accuracy loss', from: 'cross-entropy', to: 'accuracy' },
  ] as const
  const same = ['level', 'size', 'start', 'head', 'fusion', 'loss'] as const
  return techniques.flatMap(({ key, name, from, to }) =>
    members.flatMap((without) =>
      members
        .filter(
          (one) =>
            without[key] === from &&
            one[key] === to &&
            same.every((other) => other === key || one[other] === without[other]),
        )
        .map((found) => ({ technique: name, without, with: found })),
    ),
  )
}
