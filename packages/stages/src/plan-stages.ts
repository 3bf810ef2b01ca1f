import { defined } from '@kic/core'
import { estimateStages } from './estimate.ts'
import { planLines } from './plan-lines.ts'
import { inOrder, type Stage } from './stage.ts'
import { stageFolder, stageState } from './stage-folder.ts'

/** The work of a run. */
export interface StagePlan {
  /** All stages, each after its needs. */
  readonly order: readonly Stage[]
  /** Folders of finished stages, by stage name. */
  readonly done: ReadonlyMap<string, string>
  /** Stages to run, in order. A stage that only finished stages need is not among them. */
  readonly waiting: readonly Stage[]
}

/** Finds the stages that a run has to run. */
export const planStages = async (root: string, wanted: readonly Stage[]): Promise<StagePlan> => {
  const order = inOrder(wanted)
  const done = new Map<string, string>()
  for (const stage of order) {
    if ((await stageState(root, stage)) === 'done') done.set(stage.name, stageFolder(root, stage))
  }
  const needed = new Set(inOrderUnless(wanted, (stage) => done.has(stage.name)))
  return { order, done, waiting: order.filter((stage) => needed.has(stage) && !done.has(stage.name)) }
}

/**
 * The plan of a run as lines of text: one per stage with its estimated time, and a total. It runs no stage, but measures each
 * kind for a few seconds.
 */
export const describePlan = async (
  root: string,
  wanted: readonly Stage[],
  say: (line: string) => void,
): Promise<readonly string[]> => {
  const { order, waiting } = await planStages(root, wanted)
  const estimates = await estimateStages(waiting, say)
  const states = await Promise.all(order.map((stage) => stageState(root, stage)))
  const planned = order.map((stage, i) => ({
    name: stage.name,
    state: defined(states[i]),
    runs: waiting.includes(stage),
    note: stage.effort?.note,
  }))
  return planLines(planned, estimates)
}

/** The given stages and their needs, without those that are done and the needs of those. */
const inOrderUnless = (wanted: readonly Stage[], isDone: (stage: Stage) => boolean): Stage[] => {
  const found = new Set<Stage>()
  const visit = (stage: Stage): void => {
    if (found.has(stage) || isDone(stage)) return
    for (const need of Object.values(stage.needs)) visit(need)
    found.add(stage)
  }
  for (const stage of wanted) visit(stage)
  return [...found]
}
