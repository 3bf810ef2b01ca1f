import { type Engine, selectEngine } from '@kic/engine'
import { inOrder, type Stage } from '@kic/stages'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadTask } from '../load-task.ts'
import { changedRows } from './changed-rows.ts'
import { learningMemory } from './learning-memory.ts'
import { inParts } from './micro-batches.ts'
import { full } from './recipe.ts'
import { stagesOfRecipe } from './stages-of-recipe.ts'
import type { LearningMemory, Workspace } from './workspace.ts'

const GIB = 2 ** 30
/** Less than a step of 64 rows takes on klue/roberta-base. */
const BUDGET = 3 * GIB

const NAMES = ['group-small', 'group-base-tapt-fusion', 'division-base-tapt']
let workspace: Workspace
/** Nothing runs on it: memory is counted on recordings. */
let engine: Engine
const stagesOf = (of: Workspace): readonly Stage[] => inOrder([...stagesOfRecipe(of).voters.values()].flat())
let stages: readonly Stage[]
let whole: ReadonlyMap<string, LearningMemory>
let divided: ReadonlyMap<string, LearningMemory>
const of = (memory: ReadonlyMap<string, LearningMemory>, kind: string): LearningMemory => {
  const found = memory.get(kind)
  if (found === undefined) throw new Error(`no ${kind} among ${[...memory.keys()]}`)
  return found
}

beforeAll(async () => {
  const members = full.members.filter(({ name }) => NAMES.includes(name))
  const recipe = { ...full, members, earlier: [], generatedRows: 9_200, maxTrainingRows: 1_500 }
  const task = await loadTask(recipe, 1)
  engine = await selectEngine('cpu')
  workspace = { engine, recipe, task, changed: changedRows(task, 1), seed: 1 }
  stages = stagesOf(workspace)
  whole = await learningMemory(stages)
  divided = await learningMemory(stages, BUDGET)
}, 120_000)
afterAll(() => engine.dispose())

describe('the memory of full, without a checkpoint on this machine', () => {
  it('divides batches where they need more than is there, and keeps their rows', () => {
    expect([...whole.keys()]).toContain('classes base standard group fused')
    for (const [kind, { bytes, part }] of whole) {
      expect(part).toEqual({ rows: 64, accumulation: 1 })
      const limited = of(divided, kind)
      expect(limited.bytes).toBeLessThanOrEqual(BUDGET)
      expect(limited.part.rows * limited.part.accumulation).toBe(64)
      expect(limited.part.accumulation > 1, kind).toBe(bytes > BUDGET)
    }
    // 16 bytes for each of 111 million parameters, and activations.
    expect(of(whole, 'classes base standard division').bytes / GIB).toBeGreaterThan(1.7)
    expect(of(divided, 'classes base standard division').part.accumulation).toBeGreaterThan(1)
    expect(of(whole, 'classes small standard group').bytes).toBeLessThan(
      of(whole, 'classes base standard division').bytes,
    )
    // The frozen encoder of the division.
    expect(of(whole, 'classes base standard group fused').bytes).toBeGreaterThan(
      of(whole, 'classes base standard division').bytes + 0.4 * GIB,
    )
    const { rows, accumulation } = of(divided, 'masking base').part
    expect(inParts({ memory: divided }, 'masking base', { batchSize: 64, accumulation: 4 })).toEqual({
      batchSize: rows,
      accumulation: 4 * accumulation,
    })
  })

  it('refuses a budget that not even one row fits', async () => {
    await expect(learningMemory(stages, GIB)).rejects.toMatchObject({
      code: 'example/memory',
      message: expect.stringMatching(
        /received 1 GiB, and (\w|\/|-)+ takes [\d.]+ GiB for micro-batches of one row/,
      ),
    })
  })

  it('gives divided stages keys of their own, and leaves the others as they were', () => {
    const [before, after] = [stages, stagesOf({ ...workspace, memory: divided })]
    for (const [i, stage] of after.entries()) {
      const kind = stage.effort?.note?.includes('micro-batches')
      expect(JSON.stringify(stage.config) !== JSON.stringify(before[i]?.config), stage.name).toBe(
        kind === true,
      )
    }
  })
})
