/** The codes of this package's errors. */
export type LossesErrorCode =
  | 'losses/alpha'
  | 'losses/beta'
  | 'losses/counts'
  | 'losses/gamma'
  | 'losses/hierarchy'
  | 'losses/label-smoothing'
  | 'losses/one-class'
  | 'losses/shape'
  | 'losses/temperature'
  | 'losses/weight'
