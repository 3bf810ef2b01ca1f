/** The words of one KSIC group, from which the generator composes answers. All Korean, without particles unless noted. */
export interface LexiconEntry {
  /** KSIC rev. 10 group, three digits. */
  readonly group: string
  /** Where or with what: places, shops, materials: '카센터', '철판', '산부인과의원'. */
  readonly places: readonly string[]
  /** How: verb nouns: '정비', '프레스가공', '도매'. */
  readonly methods: readonly string[]
  /** Products, goods or services that only this group makes, sells or gives: '타이어', '엔진오일'. */
  readonly products: readonly string[]
  /** Whole answers that need no template: '자동차 부분정비업', '한식 뷔페 운영'. */
  readonly answers: readonly string[]
}
