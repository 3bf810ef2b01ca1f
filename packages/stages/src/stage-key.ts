import { createHash } from 'node:crypto'
import type { Json, Stage } from './stage.ts'

/** The key of a stage: a digest of name, version, config and the keys of its needs. */
export const stageKey = ({ name, version, config, needs }: Stage): string =>
  createHash('sha256')
    .update(
      canonical({
        name,
        version,
        config,
        needs: Object.fromEntries(Object.entries(needs).map(([role, need]) => [role, stageKey(need)])),
      }),
    )
    .digest('hex')

/** JSON with sorted object keys. */
const canonical = (value: Json): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonical).join()}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  const known = entries.flatMap(([name, one]) =>
    one === undefined ? [] : [`${JSON.stringify(name)}:${canonical(one)}`],
  )
  return `{${known.join()}}`
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
