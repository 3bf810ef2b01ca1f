import { inOrder, type Stage } from './stage.ts'
import { makeStage, stageFolder, stageState } from './stage-folder.ts'

export interface RunStagesOptions {
  /** Where results lie and are looked for. */
  readonly root: string
  /** How many stages run at once, at most; default 1, as one stage already uses all cores. */
  readonly jobs?: number
  /** Bytes that the running stages may occupy together; one alone may always run. Default: no bound. */
  readonly memory?: number
  readonly say: (line: string) => void
}

/**
 * Runs stages and what they need in dependency order, those whose result is already there not at all. Returns each
 * stage's folder by its name.
 *
 * When a stage fails, those that run are waited for, no other begins, and its error is thrown; what is done stays done.
 */
export const runStages = async (
  wanted: readonly Stage[],
  { root, jobs = 1, memory = Number.POSITIVE_INFINITY, say }: RunStagesOptions,
): Promise<ReadonlyMap<string, string>> => {
  const order = inOrder(wanted)
  const done = new Map<string, string>()
  for (const stage of order) {
    if ((await stageState(root, stage)) === 'done') done.set(stage.name, stageFolder(root, stage))
  }
  // What only finished stages need does not have to be there.
  const needed = new Set(inOrderUnless(wanted, (stage) => done.has(stage.name)))
  const waiting = order.filter((stage) => needed.has(stage) && !done.has(stage.name))
  const total = waiting.length
  if (done.size > 0) say(`${done.size} of ${order.length} stages are done already`)
  const running = new Map<Stage, Promise<void>>()
  const failures: unknown[] = []
  let [started, finished, occupied] = [0, 0, 0]

  const start = (stage: Stage): void => {
    const label = `[${++started}/${total}] ${stage.name}`
    occupied += stage.memory
    const inputs = Object.fromEntries(
      Object.entries(stage.needs).map(([role, need]) => [role, done.get(need.name) ?? '']),
    )
    const made = makeStage(root, stage, (folder) => stage.run({ folder, inputs, label }))
      .then(({ folder, seconds }) => {
        done.set(stage.name, folder)
        say(`${label}: done in ${Math.round(seconds)} s, ${++finished} of ${total}`)
      })
      .catch((error: unknown) => {
        failures.push(error)
      })
      .finally(() => {
        occupied -= stage.memory
        running.delete(stage)
      })
    running.set(stage, made)
  }

  while (failures.length === 0 && (waiting.length > 0 || running.size > 0)) {
    const ready = waiting.findIndex(
      (stage) =>
        running.size < jobs &&
        (running.size === 0 || occupied + stage.memory <= memory) &&
        Object.values(stage.needs).every((need) => done.has(need.name)),
    )
    const [next] = ready < 0 ? [] : waiting.splice(ready, 1)
    if (next === undefined) await Promise.race(running.values())
    else start(next)
  }
  await Promise.all(running.values())
  if (failures.length > 0) throw failures[0]
  return done
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
