import type { Rollup } from 'vite'

/** What a file of a bundle has, as far as it counts here. */
export type BundledFile =
  | Pick<Rollup.OutputChunk, 'type' | 'code'>
  | Pick<Rollup.OutputAsset, 'type' | 'source'>

/**
 * The files of a bundle that a page needs. A file needs those whose names its text has, so that workers and WebAssembly count,
 * which are assets that no import names.
 *
 * @param from the page's name
 */
export const reachable = (
  bundle: Readonly<Record<string, BundledFile>>,
  from: string,
): ReadonlySet<string> => {
  const texts = new Map(Object.entries(bundle).map(([name, file]) => [name, textOf(name, file)]))
  const found = new Set([from])
  for (const name of found) {
    const text = texts.get(name) ?? ''
    for (const other of texts.keys()) {
      // A link to another page needs none of that page's files.
      if (!other.endsWith('.html') && text.includes(other.slice(other.lastIndexOf('/') + 1))) found.add(other)
    }
  }
  return found
}

const textOf = (name: string, file: BundledFile): string => {
  if (file.type === 'chunk') return file.code
  if (!/\.(m?js|css|html)$/.test(name)) return ''
  return typeof file.source === 'string' ? file.source : new TextDecoder().decode(file.source)
}
