import { codeTokens } from '../code-tokens.ts'
import type { Finding } from '../finding.ts'
import { KOREAN } from '../floors.ts'
import { isShipped, type Repository } from '../repository.ts'

/** Names of the classification and the language, and letters themselves; ranges of letters by number are no language. */
const NAMED = /ksic|korean|hangul|[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/i

/**
 * Names, strings and expressions with KSIC, Korean or Hangul in them are only where `known` allows it; a place that is
 * allowed and needs it no longer leaves the list.
 */
export const korean = (
  { files }: Repository,
  known: Readonly<Record<string, string>> = KOREAN,
): readonly Finding[] => {
  const findings: Finding[] = []
  const unused = new Set(Object.keys(known))
  for (const [path, text] of files) {
    if (!path.startsWith('packages/') || !isShipped(path) || !NAMED.test(text)) continue
    const token = codeTokens(path, text).find((is) => NAMED.test(is))
    if (token === undefined) continue
    const place = Object.keys(known).find((is) => path === is || (is.endsWith('/') && path.startsWith(is)))
    if (place === undefined) findings.push({ at: path, message: messageOf(token) })
    else unused.delete(place)
  }
  const message = 'knows no Korean, or is gone. Delete it from KOREAN in floors.ts.'
  return [...findings, ...[...unused].map((at) => ({ at, message }))]
}

const messageOf = (token: string): string => {
  const shown = token.length > 40 ? `${token.slice(0, 40)}…` : token
  return `knows Korean, ${shown.replaceAll('\n', ' ')}. Have callers pass what is needed.`
}
