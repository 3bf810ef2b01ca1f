import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pieceOf } from './piece.ts'

it('is a whole run, a description, or a plan to write', async () => {
  expect(await pieceOf({ jobs: 2 })).toBeUndefined()
  expect(await pieceOf({ dryRun: true, jobs: 2 })).toEqual({ kind: 'describe' })
  const path = join(tmpdir(), 'kic-piece-plan.json')
  expect(await pieceOf({ plan: path })).toEqual({ kind: 'plan', path })
  expect(await pieceOf({ stage: 'member/a' })).toEqual({ kind: 'stage', name: 'member/a', plan: undefined })
})

const shard = { index: 1, count: 2 }

it.each([
  [{ stage: 'a', shard }, '--stage and --shard'],
  [{ dryRun: true, stage: 'a' }, '--dry-run and --stage'],
  [{ dryRun: true, plan: 'plan.json' }, '--dry-run and --plan'],
  [{ stage: 'a', jobs: 2 }, '--stage and --jobs'],
  [{ shard }, 'no --plan'],
])('refuses %j', async (options, received) => {
  await expect(pieceOf(options)).rejects.toMatchObject({
    code: 'example/option',
    message: expect.stringContaining(`received ${received}. Correct the options.`),
  })
})

it('refuses a plan that cannot be written, read or understood, before anything is computed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-piece-'))
  try {
    await expect(pieceOf({ plan: folder })).rejects.toMatchObject({ code: 'core/output' })
    const path = join(folder, 'plan.json')
    await expect(pieceOf({ shard, plan: path })).rejects.toMatchObject({ code: 'stages/plan' })
    await writeFile(path, '{"format":"kic-stage-plan"}')
    await expect(pieceOf({ stage: 'a', plan: path })).rejects.toMatchObject({ code: 'stages/plan' })
  } finally {
    await rm(folder, { recursive: true })
  }
})
