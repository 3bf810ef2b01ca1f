/** How the businesses of some groups speak of what they do. */
export interface Manner {
  /** Verb nouns that follow a product: '제조', '도매'. Frequent ones stand several times. */
  readonly verbs: readonly string[]
  /** What stands in the middle field: for whom, by what means: '일반소비자에게'. May be empty. */
  readonly manners: readonly string[]
  /** Share of products that stand without a verb. Goods need one, since makers and sellers name the same goods. */
  readonly bare: number
}

/** 'A*3 B' becomes A, A, A, B; '_' stands for a space. */
const weighted = (text: string): readonly string[] =>
  text
    .trim()
    .split(/\s+/)
    .flatMap((item) => {
      const [word = '', times = '1'] = item.split('*')
      return new Array<string>(Number(times)).fill(word.replaceAll('_', ' '))
    })

/**
 * Reads a manner from two lists of words between white space.
 *
 * @param bare share of products that stand without a verb.
 */
export const manner = (bare: number, verbs: string, manners = ''): Manner => ({
  verbs: weighted(verbs),
  manners: manners === '' ? [] : weighted(manners),
  bare,
})
