import type { Labels } from '@kic/classification'
import { defined } from '@kic/core'

/** The class of a row at a level, or at its finest level if none is given; '' if it has none. */
export const rowClass = (labels: Labels | undefined, level: string | undefined): string => {
  if (labels === undefined) return ''
  if (level !== undefined) return labels[level] ?? ''
  return defined(Object.values(labels).at(-1))
}
