import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeStage } from './make-stage.ts'
import { pruneStore } from './prune-store.ts'
import type { Stage } from './stage.ts'
import { stageFolder } from './stage-folder.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'store-'))
})
afterEach(() => rm(root, { recursive: true }))

const timing = { beat: 10, silence: 60, poll: 5 }
const stage = (name: string, config = {}): Stage => ({
  name,
  version: 1,
  config,
  needs: {},
  memory: 1,
  run: () => Promise.resolve(),
})
const make = (one: Stage) => makeStage(root, one, async () => {}, { timing })
const nameOf = (one: Stage): string => basename(stageFolder(root, one))
const entries = async (): Promise<string[]> => (await readdir(root)).sort()

it('removes what no kept stage uses, and what dead processes left', async () => {
  const [kept, begun, old] = [stage('kept'), stage('begun'), stage('kept', { size: 2 })]
  await make(kept)
  await make(old)
  const fail = (one: Stage) => makeStage(root, one, () => Promise.reject(new Error('failed')), { timing })
  await expect(fail(begun)).rejects.toThrow('failed')
  await expect(fail(stage('gone'))).rejects.toThrow('failed')
  const resumable = (await entries()).filter((name) => name.startsWith('begun-'))
  expect(resumable).toHaveLength(2) // the attempt and its failure
  const left = [
    `${nameOf(kept)}.0123456789ab.unfinished`,
    `${nameOf(kept)}.0123456789ab.discarded`,
    `${nameOf(old)}.0123456789ab.unfinished`,
  ]
  for (const name of left) await mkdir(join(root, name))
  // A dead process of another machine: only its silence tells.
  const lease = { host: 'elsewhere', pid: 1, machine: 'elsewhere', beat: 7 }
  await writeFile(join(root, `${nameOf(kept)}.lease-3`), JSON.stringify(lease))
  await writeFile(join(root, `.${nameOf(kept)}.failed.json.0123456789ab.tmp`), '')
  await mkdir(join(root, 'notes of mine'))
  await writeFile(join(root, 'kept-notes.txt'), '')

  expect(await pruneStore(root, [kept, begun], timing)).toEqual({
    removed: [nameOf(stage('gone')), nameOf(kept), nameOf(old)].sort(),
    busy: [],
  })
  expect(await entries()).toEqual([...resumable, nameOf(kept), 'kept-notes.txt', 'notes of mine'].sort())
})

it('leaves alone what another process runs', async () => {
  const running = stage('running')
  let pruned: unknown
  await makeStage(
    root,
    running,
    async () => {
      pruned = await pruneStore(root, [], { ...timing, silence: 10_000 })
    },
    { timing },
  )
  expect(pruned).toEqual({ removed: [], busy: [nameOf(running)] })
  expect(await entries()).toEqual([nameOf(running)])
})

it('has nothing to do without a store', async () => {
  expect(await pruneStore(join(root, 'missing'), [])).toEqual({ removed: [], busy: [] })
})
