import { defined, KicError } from '@kic/core'

/** What a package's README tells a newcomer to do. */
export interface ReadmeExample {
  /** The packages of the first `npm install` line. */
  readonly installs: readonly string[]
  /** The first block of TypeScript. */
  readonly source: string
}

/**
 * The install line and the first TypeScript block of a README.
 *
 * @throws KicError `pack-check/readme` where one of them is missing.
 */
export const readmeExample = (path: string, markdown: string): ReadmeExample => {
  const installs = installLine(markdown)
  const source = firstMatch(markdown, 'ts', /^([\s\S]+)$/)
  if (installs.length === 0 || source === undefined) {
    const missing = source === undefined ? 'a ```ts block' : 'a ```sh block with an `npm install` line'
    throw new KicError('pack-check/readme', `readmeExample: ${path} needs ${missing}`)
  }
  return { installs, source }
}

/** The packages of a README's first `npm install` line, which may continue after a backslash; none where there is no such line. */
export const installLine = (markdown: string): readonly string[] =>
  firstMatch(markdown, 'sh', /^npm install ((?:.*\\\n)*.+)$/m)
    ?.trim()
    .split(/[\s\\]+/) ?? []

/** The first group of `pattern` in the first fenced block of the language that matches it. */
const firstMatch = (markdown: string, language: string, pattern: RegExp): string | undefined =>
  [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter((block) => block[1] === language)
    .map((block) => pattern.exec(defined(block[2]))?.[1])
    .find((text) => text !== undefined)
