import { expect, it } from 'vitest'
import { manifestOf, readTree } from '../testing/read-tree.ts'
import { nodeBuiltIns } from './node-built-ins.ts'

const found = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const repository = await readTree({
    'packages/a/package.json': manifestOf('a', { entries: ['node'] }),
    'packages/a/src/index.ts': 'export const a = 1\n',
    'packages/a/src/node.ts': "export { read } from './read.ts'\n",
    'packages/a/src/read.ts': "export { readFile as read } from 'node:fs/promises'\n",
    ...files,
  })
  return nodeBuiltIns(repository).map(({ at, message }) => `${at} ${message}`)
}

it('accepts them behind /node, in tests, tools and packages for Node.js', async () => {
  const files = {
    'packages/a/src/a.test.ts': "import 'node:os'\n",
    'packages/cli/package.json': manifestOf('cli'),
    'packages/cli/src/index.ts': "import 'node:os'\n",
    'tools/t/package.json': manifestOf('tool-t'),
    'tools/t/src/main.ts': "import 'node:os'\n",
  }
  expect(await found(files)).toEqual([])
})

it('refuses them in imports of a browser entry, also of other packages and of types', async () => {
  const files = {
    'packages/b/package.json': manifestOf('b'),
    'packages/b/src/index.ts': "import '@kic/a/node'\n",
    'packages/c/package.json': manifestOf('c'),
    'packages/c/src/index.ts': "import type { Stats } from 'fs'\nexport type C = Stats\n",
  }
  expect(await found(files)).toEqual([
    expect.stringMatching(
      'packages/b/src/index.ts reaches fs/promises: packages/b/src/index.ts > packages/a/src/node.ts > packages/a/src/read.ts > fs/promises.',
    ),
    expect.stringContaining('packages/c/src/index.ts reaches fs: packages/c/src/index.ts > fs.'),
  ])
})

it('refuses them outside /node entries', async () => {
  expect(await found({ 'packages/a/src/lost.ts': "import 'node:path'\n" })).toEqual([
    'packages/a/src/lost.ts imports path, but no /node entry reaches it. Export it there.',
  ])
})
