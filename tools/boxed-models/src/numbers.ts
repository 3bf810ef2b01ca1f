export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export const million = (count: number): string => `${(count / 1e6).toFixed(1)} million`
