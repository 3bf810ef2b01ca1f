import { codeTokens } from '../code-tokens.ts'
import type { Finding } from '../finding.ts'
import { isShipped, type Repository } from '../repository.ts'

/** What may know the Korean classification and the Korean language; documents, examples and tools may too. */
const KOREAN: readonly RegExp[] = [
  /^packages\/classification\/src\/ksic\b/,
  /^packages\/(korean-answers|model-mini)\//,
  /^packages\/cli\/src\/commands\/ksic\b/,
]

const KSIC = /ksic/i
/** Letters themselves; ranges by number, such as those of wide characters, are not about a language. */
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]|Hangul/

/** Names, strings and expressions with KSIC or Hangul in them are for the packages that are made for it. */
export const korean = ({ files }: Repository): readonly Finding[] =>
  [...files].flatMap(([path, text]) => {
    if (!path.startsWith('packages/') || !isShipped(path) || KOREAN.some((known) => known.test(path)))
      return []
    if (!KSIC.test(text) && !HANGUL.test(text)) return []
    const token = codeTokens(path, text).find((is) => KSIC.test(is) || HANGUL.test(is))
    if (token === undefined) return []
    const shown = token.length > 40 ? `${token.slice(0, 40)}…` : token
    return [
      {
        at: path,
        message: `knows Korean, ${shown.replaceAll('\n', ' ')}. Have callers pass what is needed.`,
      },
    ]
  })
