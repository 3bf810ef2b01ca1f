/** 0.931 → 93.1 % */
export const percent = (share: number): string => `${(100 * share).toFixed(1)}%`

/** 0.95 → 95% */
export const wholePercent = (share: number): string => `${Math.round(100 * share)}%`
