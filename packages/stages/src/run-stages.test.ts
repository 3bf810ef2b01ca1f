import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describePlan } from './plan-stages.ts'
import { runStages } from './run-stages.ts'
import { inOrder, type Stage } from './stage.ts'
import { readStageRecord, stageFolder, stageState } from './stage-folder.ts'
import { stageKey } from './stage-key.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'stages-'))
})
afterEach(() => rm(root, { recursive: true }))

const ran: string[] = []
beforeEach(() => {
  ran.length = 0
})

const stage = (
  name: string,
  needs: Readonly<Record<string, Stage>> = {},
  more: Partial<Stage> = {},
): Stage => ({
  name,
  version: 1,
  config: { name },
  needs,
  memory: 1,
  run: async ({ folder, inputs }) => {
    ran.push(name)
    const read = await Promise.all(
      Object.values(inputs).map((input) => readFile(join(input, 'text'), 'utf8')),
    )
    await writeFile(join(folder, 'text'), `${name}(${read.join()})`)
  },
  ...more,
})
const run = (wanted: readonly Stage[], options = {}) => runStages(wanted, { root, say: () => {}, ...options })

it('runs each stage once, after its needs, with their folders', async () => {
  const words = stage('words')
  const [left, right] = [stage('member/left', { words }), stage('member/right', { words })]
  const done = await run([stage('vote', { left, right })])
  expect(ran).toEqual(['words', 'member/left', 'member/right', 'vote'])
  expect(await readFile(join(defined(done.get('vote')), 'text'), 'utf8')).toBe(
    'vote(member/left(words()),member/right(words()))',
  )
})

it('reuses results, and reruns stages that a change affects', async () => {
  const tree = (size: number) => {
    const words = stage('words')
    const left = stage('left', { words }, { config: { size } })
    const right = stage('right', { words })
    return stage('vote', { left, right })
  }
  await run([tree(1)])
  ran.length = 0
  await run([tree(1)])
  expect(ran).toEqual([])
  await run([tree(2)])
  expect(ran).toEqual(['left', 'vote'])
})

it('resumes in the folder of an interrupted attempt, which does not count as a result', async () => {
  let attempts = 0
  const breaking = stage(
    'breaking',
    {},
    {
      run: async ({ folder }) => {
        const before = await readdir(folder)
        await writeFile(join(folder, `attempt-${++attempts}`), '')
        if (before.length === 0) throw new Error('power cut')
      },
    },
  )
  await expect(run([breaking])).rejects.toThrow('power cut')
  expect(await stageState(root, breaking)).toBe('begun')
  const folder = defined((await run([breaking])).get('breaking'))
  expect((await readdir(folder)).sort()).toEqual(['attempt-1', 'attempt-2', 'stage.json'])
  expect(await stageState(root, breaking)).toBe('done')
})

it('checks all stages to run before any stage runs, and no finished stages', async () => {
  const words = stage('words', {}, { check: async () => void ran.push('check words') })
  const missing = stage(
    'missing',
    { words },
    {
      check: async () => {
        throw new Error('no such head')
      },
    },
  )
  await expect(run([stage('member', { words }), missing])).rejects.toThrow('no such head')
  expect(ran).toEqual(['check words'])
  await run([stage('member', { words })])
  ran.length = 0
  await run([stage('vote', { words })])
  expect(ran).toEqual(['vote'])
})

it('does not need the inputs of a finished stage', async () => {
  const words = stage('words')
  const member = stage('member', { words })
  const done = await run([member])
  await rm(defined(done.get('words')), { recursive: true })
  ran.length = 0
  await run([stage('vote', { member })])
  expect(ran).toEqual(['vote'])
})

it('runs several stages at once within jobs and memory, and a stage that is too large on its own', async () => {
  let [now, most] = [0, 0]
  const slow = (name: string, memory: number) =>
    stage(
      name,
      {},
      {
        memory,
        run: async () => {
          most = Math.max(most, ++now)
          await new Promise((resolve) => setTimeout(resolve, 20))
          now--
        },
      },
    )
  await run(
    ['a', 'b', 'c', 'd'].map((name) => slow(name, 1)),
    { jobs: 3 },
  )
  expect(most).toBe(3)
  most = 0
  await run(
    ['e', 'f', 'g'].map((name) => slow(name, 10)),
    { jobs: 3, memory: 15 },
  )
  expect(most).toBe(1)
})

it('refuses two stages with one name, and derives keys from config values in any order', () => {
  expect(() => inOrder([stage('a'), stage('a')])).toThrow("received 'a' twice")
  expect(() => inOrder([stage('../a')])).toThrow("received '../a'")
  const key = (config: Stage['config']) => stageKey(stage('a', {}, { config }))
  expect(key({ x: 1, y: [2] })).toBe(key({ y: [2], x: 1 }))
  expect(key({ x: 1, y: undefined })).toBe(key({ x: 1 }))
  expect(key({ x: 1, y: [2] })).not.toBe(key({ x: 1, y: [3] }))
})

it('describes a plan without running stages', async () => {
  const words = stage('words')
  const member = stage('member', { words })
  await run([words])
  ran.length = 0
  const effort = { kind: 'vote', examples: 30, measure: async () => ({ start: 30, perExample: 1 }) }
  expect(await describePlan(root, [stage('vote', { member }, { effort })], () => {})).toEqual([
    'done        words',
    'missing     member',
    'missing     vote    about 1m00s',
    '2 of 3 stages to run: about 1m00s',
  ])
  expect(ran).toEqual([])
})

it('stores the record of a finished stage, and refuses other files', async () => {
  const words = stage('words')
  await run([words])
  const folder = stageFolder(root, words)
  expect(await readStageRecord(folder)).toEqual({ name: 'words', seconds: 0 })
  await writeFile(join(folder, 'stage.json'), '[]')
  await expect(readStageRecord(folder)).rejects.toMatchObject({ code: 'stages/record' })
})

it.each([0, 1.5, Number.NaN])('refuses %d jobs', async (jobs) => {
  await expect(run([stage('words')], { jobs })).rejects.toMatchObject({ code: 'stages/jobs' })
})
