import { expect, it } from 'vitest'
import { manifestOf, readTree } from '../testing/read-tree.ts'
import { entries } from './entries.ts'

const found = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const repository = await readTree({
    'packages/a/package.json': manifestOf('a', { entries: ['node'] }),
    'packages/a/src/index.ts': "export { a } from './a.ts'\n",
    'packages/a/src/node.ts': 'export const node = 1\n',
    'packages/a/src/a.ts': 'export const a = 1\n',
    'packages/b/package.json': manifestOf('b'),
    ...files,
  })
  return entries(repository).map(({ at, message }) => `${at} ${message}`)
}

it('accepts entries, and files of the own package', async () => {
  const text =
    "import '@kic/a'\nimport '@kic/a/node'\nimport './b.ts'\nnew URL('../src/b.ts', import.meta.url)\n"
  expect(await found({ 'packages/b/src/index.ts': text, 'packages/b/src/b.ts': '' })).toEqual([])
})

it('refuses paths from package to package, of fixtures too', async () => {
  const files = {
    'packages/a/src/__fixtures__/f.ts': 'export const f = 1\n',
    'packages/b/src/b.test.ts': "import '../../a/src/__fixtures__/f.ts'\n",
  }
  expect(await found(files)).toEqual([
    'packages/b/src/b.test.ts imports a file of a, ../../a/src/__fixtures__/f.ts. Import one of: @kic/a, @kic/a/node.',
  ])
})

it('refuses files behind an entry', async () => {
  expect(await found({ 'packages/b/src/index.ts': "import '@kic/a/src/a.ts'\n" })).toEqual([
    'packages/b/src/index.ts imports @kic/a/src/a.ts, which is no entry. Export what is needed from one.',
  ])
})

it('refuses files of other packages by path', async () => {
  const text =
    "readFile(new URL('../../a/src/__fixtures__/f.json', import.meta.url))\njoin(here, '../../b/src')\n"
  expect(await found({ 'packages/b/src/index.ts': text })).toEqual([
    'packages/b/src/index.ts reads a file of a, ../../a/src/__fixtures__/f.json. Keep a file in one package alone.',
  ])
})
