/** Text that is HTML already, so that every other text gets escaped. */
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

/** A template tag: `html\`<p>${text}</p>\`` escapes texts and leaves what `html` made as it is. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((string, i) => string + (i < parts.length ? sourceOf(parts[i]) : '')).join(''))

const sourceOf = (part: Part): string => {
  if (part === undefined) return ''
  if (part instanceof Html) return part.source
  if (typeof part === 'string' || typeof part === 'number') {
    return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
  }
  return part.map((one) => one?.source ?? '').join('')
}
