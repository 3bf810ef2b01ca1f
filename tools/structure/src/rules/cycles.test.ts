import { expect, it } from 'vitest'
import { manifestOf, readTree } from '../testing/read-tree.ts'
import { fileCycles, packageCycles } from './cycles.ts'

it('finds files that import each other', async () => {
  const repository = await readTree({
    'packages/a/package.json': manifestOf('a'),
    'packages/a/src/index.ts': "export { one } from './one.ts'\n",
    'packages/a/src/one.ts': "import { two } from './two.ts'\nexport const one = () => two\n",
    'packages/a/src/two.ts': "import { one } from './one.ts'\nexport const two = () => one\n",
  })
  expect(fileCycles(repository)).toEqual([
    {
      at: 'packages/a/src/one.ts and packages/a/src/two.ts',
      message: expect.stringMatching(/one\.ts > .*two\.ts > .*one\.ts/),
    },
  ])
})

it('finds a cycle through a type import', async () => {
  const repository = await readTree({
    'tools/a/package.json': manifestOf('tool-a'),
    'tools/a/src/one.ts': "import { two } from './two.ts'\nexport type One = 1\nexport const one = two\n",
    'tools/a/src/two.ts': "import type { One } from './one.ts'\nexport const two: One = 1\n",
  })
  expect(fileCycles(repository).map(({ at }) => at)).toEqual(['tools/a/src/one.ts and tools/a/src/two.ts'])
})

it('accepts files that import a third', async () => {
  const repository = await readTree({
    'packages/a/package.json': manifestOf('a'),
    'packages/a/src/index.ts': "export { one } from './one.ts'\nexport type { Three } from './three.ts'\n",
    'packages/a/src/one.ts': "import type { Three } from './three.ts'\nexport const one: Three = 3\n",
    'packages/a/src/three.ts': 'export type Three = 3\n',
  })
  expect(fileCycles(repository)).toEqual([])
})

it('finds packages that depend on each other, for tests too', async () => {
  const repository = await readTree({
    'packages/a/package.json': manifestOf('a', { dependencies: { '@kic/b': '0.1.0' } }),
    'packages/b/package.json': manifestOf('b', { dependencies: { '@kic/c': '0.1.0' } }),
    'packages/c/package.json': manifestOf('c', { devDependencies: { '@kic/a': '0.1.0' } }),
    'packages/d/package.json': manifestOf('d', { dependencies: { '@kic/a': '0.1.0' } }),
    'packages/a/src/index.ts': '',
  })
  expect(packageCycles(repository)).toEqual([
    { at: 'a', message: expect.stringContaining('@kic/a > @kic/b > @kic/c > @kic/a') },
  ])
})
