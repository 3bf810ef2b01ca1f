import { expect, it } from 'vitest'
import type { Rooms } from '../floors.ts'
import { manifestOf, readTree } from '../testing/read-tree.ts'
import { floors } from './floors.ts'

const ROOMS = { low: { floor: 0 }, mate: { floor: 1 }, high: { floor: 1 }, 'heads-*': { floor: 2 } }

const found = async (
  files: Readonly<Record<string, string>>,
  rooms: Rooms = ROOMS,
): Promise<readonly string[]> => {
  const repository = await readTree({
    'packages/low/package.json': manifestOf('low'),
    'packages/low/src/index.ts': 'export const low = 0\n',
    'packages/mate/package.json': manifestOf('mate'),
    'packages/mate/src/index.ts': 'export type Mate = 1\n',
    'packages/high/package.json': manifestOf('high'),
    'packages/high/src/index.ts': "export { low } from '@kic/low'\n",
    ...files,
  })
  return floors(repository, rooms).map(({ at, message }) => `${at} ${message}`)
}

it('accepts imports of lower floors, and names by prefix', async () => {
  const head = { 'packages/heads-x/package.json': manifestOf('heads-x') }
  expect(await found({ ...head, 'packages/heads-x/src/index.ts': "import '@kic/high'\n" })).toEqual([])
})

it('refuses an import of a higher floor', async () => {
  expect(await found({ 'packages/low/src/index.ts': "import '@kic/high'\n" })).toEqual([
    'low -> high leads from floor 0 to floor 1. Move what both need down. See packages/low/src/index.ts.',
  ])
})

it('refuses an import of the same floor, of a type and in a test too', async () => {
  const files = {
    'packages/high/src/index.ts': "import type { Mate } from '@kic/mate'\nexport type High = Mate\n",
    'packages/mate/src/index.test.ts': "import '@kic/high'\n",
  }
  expect(await found(files)).toEqual([
    'high -> mate leads from floor 1 to floor 1. Move what both need down. See packages/high/src/index.ts.',
    'mate -> high (tests) leads from floor 1 to floor 1. Move what both need down. See packages/mate/src/index.test.ts.',
  ])
})

it('refuses a tool in published files, and allows it in tests', async () => {
  const rooms = { ...ROOMS, 'tools/*': { floor: 0 } }
  const tool = {
    'tools/t/package.json': manifestOf('tool-t', { private: true }),
    'tools/t/src/index.ts': 'export const t = 0\n',
  }
  expect(await found({ ...tool, 'packages/high/src/a.test.ts': "import '@kic/tool-t'\n" }, rooms)).toEqual([])
  expect(await found({ ...tool, 'packages/high/src/a.ts': "import '@kic/tool-t'\n" }, rooms)).toEqual([
    'high -> tools/t is of what is not published. Move it into a package. See packages/high/src/a.ts.',
  ])
})

it('requires a room for each package and a package for each room', async () => {
  const { low: _, ...without } = ROOMS
  expect(await found({}, { ...without, gone: { floor: 3 } })).toEqual([
    'low has no floor. Give it one in floors.ts.',
    'gone has a floor but no folder. Delete it from floors.ts.',
  ])
})
