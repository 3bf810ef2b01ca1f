/** The codes of this package's errors. */
export type KoreanAnswersErrorCode =
  | 'korean-answers/bad-lexicon'
  | 'korean-answers/bad-quota'
  | 'korean-answers/bad-share'
  | 'korean-answers/lexicon-gap'
  | 'korean-answers/no-lexicon'
