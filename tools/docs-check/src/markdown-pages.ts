import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The pages that people read: the repository's own, `docs/`, and the README of every workspace, by their paths. */
export const markdownPages = (root: string): readonly string[] => [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
  ...['packages', 'examples', 'tools'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => `${group}/${name}/README.md`)
      .filter((path) => existsSync(join(root, path))),
  ),
]
