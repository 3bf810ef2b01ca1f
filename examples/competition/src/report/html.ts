import { defined } from '@kic/core'
/** HTML source, which is not escaped; every other text is. */
export class Html {
  constructor(readonly source: string) {}
}

type Part = Html | string | number | undefined | readonly (Html | undefined)[]

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A template tag: `html\`<p>${text}</p>\`` escapes texts, and inserts results of `html` unchanged. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((string, i) => string + (i < parts.length ? sourceOf(parts[i]) : '')).join(''))

const sourceOf = (part: Part): string => {
  if (part === undefined) return ''
  if (part instanceof Html) return part.source
  if (typeof part === 'string' || typeof part === 'number') {
    return String(part).replace(/[&<>"']/g, (character) => defined(ESCAPES[character]))
  }
  return part.map((one) => one?.source ?? '').join('')
}
