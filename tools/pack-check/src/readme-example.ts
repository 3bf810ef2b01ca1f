import { KicError } from '@kic/core'

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
  const blocks = [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  const first = (language: string, pattern: RegExp): string | undefined =>
    blocks
      .filter((block) => block[1] === language)
      .map((block) => pattern.exec(block[2] ?? '')?.[1])
      .find((text) => text !== undefined)
  const installs = first('sh', /^npm install (.+)$/m)
  const source = first('ts', /^([\s\S]+)$/)
  if (installs === undefined || source === undefined) {
    const missing = installs === undefined ? 'a ```sh block with an `npm install` line' : 'a ```ts block'
    throw new KicError('pack-check/readme', `readmeExample: ${path} needs ${missing}`)
  }
  return { installs: installs.trim().split(/\s+/), source }
}
