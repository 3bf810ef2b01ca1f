import { estimateStages } from './estimate.ts'
import { planLines } from './plan-lines.ts'
import { inOrder, type Stage } from './stage.ts'
import { stageFolder, stageState } from './stage-folder.ts'

/** What a run has to do. */
export interface StagePlan {
  /** All stages, each after what it needs. */
  readonly order: readonly Stage[]
  /** Folders of the results that are there, by the stage's name. */
  readonly done: ReadonlyMap<string, string>
  /** Stages to run, in order: what only finished stages need does not have to be there. */
  readonly waiting: readonly Stage[]
}

/** Looks up which stages a run would run. */
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
 * What a run would do, for people: a line for each stage, with the time that it will take, and one for all. Nothing is run, but
 * kinds of stages are measured for a few seconds.
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
    state: states[i] ?? 'missing',
    runs: waiting.includes(stage),
  }))
  return planLines(planned, estimates)
}

/** All stages that lead to some, looking no further behind one that `isDone`. */
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
