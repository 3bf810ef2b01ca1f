import type { Labels } from '@kic/classification'

/** The class of a row on a level, or without one on its finest level; '' where it has none. */
export const rowClass = (labels: Labels | undefined, level: string | undefined): string => {
  if (labels === undefined) return ''
  if (level !== undefined) return labels[level] ?? ''
  return Object.values(labels).at(-1) ?? ''
}
