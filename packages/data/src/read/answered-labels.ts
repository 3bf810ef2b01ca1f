import { headerKey } from './header-name.ts'
import type { Layout } from './layout.ts'

/** The names of label columns that `kic predict` filled: each has its confidence in another column. */
export const answeredLabels = ({ answers, header = [], columns }: Layout): readonly string[] => {
  if (answers === undefined) return []
  const keys = header.map(headerKey)
  return keys.filter((key, i) => {
    const holds = columns[i]?.holds
    return (holds === 'label' || holds === 'code') && keys.includes(`${key}_confidence`)
  })
}
