/** The wording of the businesses of some groups. */
export interface Manner {
  /** Verb nouns that follow a product: '제조', '도매'. Frequent ones are repeated. */
  readonly verbs: readonly string[]
  /** Content of the middle field, such as customers or means: '일반소비자에게'. May be empty. */
  readonly manners: readonly string[]
  /** Share of products without a verb. Goods need one, because makers and sellers name the same goods. */
  readonly bare: number
}

/** 'A*3 B' becomes A, A, A, B; '_' is a space. */
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
 * @param bare share of products without a verb
 */
export const manner = (bare: number, verbs: string, manners = ''): Manner => ({
  // Getters: an import reads no words.
  get verbs() {
    return weighted(verbs)
  },
  get manners() {
    return manners === '' ? [] : weighted(manners)
  },
  bare,
})
