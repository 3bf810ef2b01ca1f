/** The codes of this package's errors. */
export type NegativeSamplingErrorCode =
  | 'negative-sampling/candidates'
  | 'negative-sampling/confusion-matrix'
  | 'negative-sampling/label'
  | 'negative-sampling/label-name'
  | 'negative-sampling/no-confusions'
  | 'negative-sampling/ratio'
  | 'negative-sampling/rerank'
  | 'negative-sampling/share'
