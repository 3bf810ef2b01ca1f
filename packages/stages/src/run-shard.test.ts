import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runShard } from './run-shard.ts'
import { runStage } from './run-stage.ts'
import { runStages } from './run-stages.ts'
import { parseShard, stagesOfShard } from './shard.ts'
import { inOrder, type Stage } from './stage.ts'
import { readFailure } from './stage-failure.ts'
import { stageFolder, stageState } from './stage-folder.ts'
import { checkPlan, readPlan, stagePlan, writePlan } from './stage-plan.ts'

let root: string
const ran: string[] = []
const said: string[] = []
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'store-'))
  ran.length = 0
  said.length = 0
})
afterEach(() => rm(root, { recursive: true }))

const say = (line: string): void => void said.push(line)
const timing = { beat: 10, silence: 200, poll: 5 }
const stage = (name: string, needs: readonly Stage[] = [], more: Partial<Stage> = {}): Stage => ({
  name,
  version: 1,
  config: {},
  needs: Object.fromEntries(needs.map((need) => [need.name.replace('/', '-'), need])),
  memory: 1,
  effort: { kind: 'hash', examples: 10, measure: async () => ({ start: 0, perExample: 1 }) },
  run: async ({ folder, inputs }) => {
    ran.push(name)
    await pause(20)
    const read = await Promise.all(
      Object.values(inputs).map((input) => readFile(join(input, 'text'), 'utf8')),
    )
    await writeFile(join(folder, 'text'), `${name}(${read.join()})`)
  },
  ...more,
})
/** Two chains that meet. */
const tree = (more: Partial<Stage> = {}): readonly Stage[] => {
  const left = stage('left', [], more)
  const leftChild = stage('left/child', [left])
  const right = stage('right')
  const rightChild = stage('right/child', [right])
  return [stage('vote', [leftChild, rightChild]), stage('alone', [rightChild])]
}
const failing = { run: () => Promise.reject(new Error('disk full')) }
const shards = (
  wanted: readonly Stage[],
  plan: Awaited<ReturnType<typeof stagePlan>>,
  count = 2,
  grace?: number,
) =>
  Promise.allSettled(
    Array.from({ length: count }, (_, i) =>
      runShard(wanted, { root, plan, shard: { index: i + 1, count }, say, timing, grace }),
    ),
  )

describe('stagePlan', () => {
  it('lists every stage, is written whole, and is refused by a process with other stages', async () => {
    const wanted = tree()
    await runStage(wanted, 'right', { root, say })
    const plan = await stagePlan(root, wanted, say)
    expect(plan.stages.map(({ name, state, seconds }) => [name, state, seconds])).toEqual([
      ['left', 'missing', 10],
      ['left/child', 'missing', 10],
      ['right', 'done', undefined],
      ['right/child', 'missing', 10],
      ['vote', 'missing', 10],
      ['alone', 'missing', 10],
    ])
    expect(plan.total).toEqual({ stages: 5, seconds: 50, unknown: 0 })
    const [left, child] = plan.stages
    expect(child?.needs).toEqual({ left: { name: 'left', digest: left?.digest } })
    await writePlan(join(root, 'plan.json'), plan)
    expect(await readPlan(join(root, 'plan.json'))).toEqual(plan)
    await expect(readPlan(join(root, 'missing.json'))).rejects.toMatchObject({ code: 'stages/plan' })

    checkPlan(plan, wanted)
    const differs = (stages: readonly Stage[]) => {
      try {
        checkPlan(plan, stages)
      } catch (error) {
        return error
      }
      return undefined
    }
    const error = (message: string) => ({
      code: 'stages/plan-differs',
      message: expect.stringContaining(message),
    })
    expect(differs(tree({ version: 2 }))).toMatchObject(error('received left with digest'))
    expect(differs(wanted.slice(1))).toMatchObject(error('received no stage left, which the plan has'))
    expect(differs([...wanted, stage('more')])).toMatchObject(
      error('received more, which the plan does not have'),
    )
  })
})

describe('runStage', () => {
  it('runs one stage whose needs are done, once', async () => {
    const wanted = tree()
    const run = (name: string) => runStage(wanted, name, { root, say, timing })
    await expect(run('vote')).rejects.toMatchObject({
      code: 'stages/needs',
      message: expect.stringContaining('received none of left/child, right/child.'),
    })
    await run('left')
    const folder = await run('left/child')
    expect(await readFile(join(folder, 'text'), 'utf8')).toBe('left/child(left())')
    expect(await run('left/child')).toBe(folder)
    expect(said.at(-1)).toBe(`left/child is already done: ${folder}`)
    expect(ran).toEqual(['left', 'left/child'])
    await expect(run('lefty')).rejects.toMatchObject({ code: 'stages/unknown' })
  })
})

describe('runShard', () => {
  it.each([1, 2, 3, 9])('%d shards together make what one run makes, each stage once', async (count) => {
    const wanted = tree()
    const plan = await stagePlan(root, wanted, say)
    expect((await shards(wanted, plan, count)).map(({ status }) => status)).toEqual(
      Array(count).fill('fulfilled'),
    )
    expect([...ran].sort()).toEqual(
      inOrder(wanted)
        .map(({ name }) => name)
        .sort(),
    )
    const [vote] = wanted
    const text = await readFile(join(stageFolder(root, vote as Stage), 'text'), 'utf8')
    expect(text).toBe('vote(left/child(left()),right/child(right()))')
    await runStages(wanted, { root, say })
    expect(said.at(-1)).toBe('6 of 6 stages are already done')
    expect(await readdir(root)).toHaveLength(6)
  })

  it('waits for stages of other shards, and says for which', async () => {
    const wanted = tree()
    const plan = await stagePlan(root, wanted, say)
    const own = stagesOfShard(plan, { index: 1, count: 2 })
    expect(own).toContain('vote')
    const first = runShard(wanted, { root, plan, shard: { index: 1, count: 2 }, say, timing })
    while (!said.some((line) => line.startsWith('vote waits for '))) await pause(5)
    await runShard(wanted, { root, plan, shard: { index: 2, count: 2 }, say, timing })
    await first
  })

  it('leaves out what needs a failed stage, runs the rest, and names the stage and the reason', async () => {
    const wanted = tree(failing)
    const plan = await stagePlan(root, wanted, say)
    const results = await shards(wanted, plan)
    const reasons = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(reasons).toContainEqual(new Error('disk full'))
    expect([...ran].sort()).toEqual(['alone', 'right', 'right/child'])
    expect(said).toContain('vote is left out, as left failed')

    // With the cause gone, all shards run again, and the record of the failure goes.
    const repaired = tree()
    expect((await shards(repaired, plan)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(await readFailure(stageFolder(root, inOrder(repaired)[0] as Stage), 'left')).toBeUndefined()
    expect(await readdir(root)).toHaveLength(6)
  })

  describe('with a need that fails in another shard', () => {
    const long = { kind: 'long', examples: 100, measure: async () => ({ start: 0, perExample: 1 }) }
    const child = (more: Partial<Stage>): readonly Stage[] => [
      stage('child', [stage('left', [], more), stage('right', [], { effort: long })]),
    ]
    /** Shards of one plan. */
    const planned = async () => {
      const plan = await stagePlan(root, child({}), () => {})
      expect(stagesOfShard(plan, { index: 1, count: 2 })).toEqual(['right', 'child'])
      return (index: number, more: Partial<Stage> = {}, grace?: number): Promise<void> =>
        runShard(child(more), { root, plan, shard: { index, count: 2 }, say, timing, grace })
    }
    const failure = {
      code: 'stages/failed',
      message: expect.stringMatching(
        /^runShard: child needs left to be done, received its failure in process \d+ on .+ at 2.+: disk full\. Run the shard/,
      ),
    }

    it('ends with its name and reason', async () => {
      const run = await planned()
      const first = run(1).catch((error: unknown) => error)
      while (!said.includes('child waits for left')) await pause(5)
      await expect(run(2, failing)).rejects.toThrow('disk full')
      expect(await first).toMatchObject(failure)
    })

    it('waits for a moment where the failure is old, as that shard may be about to run the stage again', async () => {
      const run = await planned()
      await expect(run(2, failing)).rejects.toThrow('disk full')
      await expect(run(1, {}, 100)).rejects.toMatchObject(failure)
      const first = run(1)
      await pause(100)
      await run(2)
      await first
    })
  })

  it('records a stage whose check fails as failed', async () => {
    const left = stage('left', [], { check: () => Promise.reject(new Error('no such head')) })
    const wanted = [stage('child', [left]), stage('alone')]
    const plan = await stagePlan(root, wanted, say)
    const results = await shards(wanted, plan, 1)
    expect(results).toMatchObject([{ status: 'rejected', reason: new Error('no such head') }])
    expect(ran).toEqual(['alone'])
    expect(await readFailure(stageFolder(root, left), 'left')).toMatchObject({ reason: 'no such head' })
    expect(await stageState(root, left)).toBe('missing')
  })

  it('refuses a store without the results that the plan counts on', async () => {
    const wanted = tree()
    const folder = await runStage(wanted, 'left', { root, say })
    const plan = await stagePlan(root, wanted, say)
    await rm(folder, { recursive: true })
    const run = runShard(wanted, { root, plan, shard: { index: 1, count: 1 }, say, timing })
    await expect(run).rejects.toMatchObject({ code: 'stages/needs' })
    expect(ran).toEqual(['left'])
  })
})

describe('parseShard', () => {
  it('reads shards from 1', () => {
    expect(parseShard('2/8')).toEqual({ index: 2, count: 8 })
    expect(parseShard('1/1')).toEqual({ index: 1, count: 1 })
  })
  it.each(['0/8', '9/8', '1', '1/0', '-1/2', '1/2/3', '1.5/2', ' 1/2', '', '1/100000'])(
    'refuses %j',
    (text) => {
      expect(() => parseShard(text)).toThrow(`received '${text}'`)
    },
  )
})
