import { KicError } from '@kic/core'
import type { SafetensorsErrorCode } from './error-code.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Checks what `JSON.parse` does not: that no object repeats a key, and that nothing is nested deeper than `maxDepth`,
 * so that a hostile text cannot blow up into many times its size. Text that is not JSON passes; parsing will refuse it.
 *
 * @throws KicError `safetensors/duplicate`, `safetensors/header`
 */
export const scanJson = (text: string, maxDepth: number): void => {
  /** The keys of each open object, `undefined` for an open array. */
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        open.push(text[at] === '{' ? new Set() : undefined)
        if (open.length > maxDepth) {
          throw new KicError<SafetensorsErrorCode>(
            'safetensors/header',
            `readSafetensors: the header nests deeper than ${maxDepth} levels, at character ${at}.`,
          )
        }
        break
      case '}':
      case ']':
        open.pop()
        break
      case '"': {
        const end = closingQuote(text, at)
        const keys = open.at(-1)
        if (keys && isFollowedByColon(text, end)) {
          const key: unknown = JSON.parse(text.slice(at, end + 1))
          if (typeof key === 'string') {
            if (keys.has(key)) {
              throw new KicError<SafetensorsErrorCode>(
                'safetensors/duplicate',
                `readSafetensors: the header names ${JSON.stringify(key)} twice.`,
              )
            }
            keys.add(key)
          }
        }
        at = end
      }
    }
  }
}

const closingQuote = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE) return at
  }
  return text.length
}

const isFollowedByColon = (text: string, end: number): boolean => {
  let at = end + 1
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return text[at] === ':'
}
