import type { Stage } from './stage.ts'
import { readFailure, type StageFailure } from './stage-failure.ts'
import { isDone, stageFolder } from './stage-folder.ts'

/**
 * A judge of why a stage will not be done: because it failed, or one of its needs did. `undefined` as long as it may be
 * done. A failure that was recorded before counts only after the grace, as another process may be about to run the
 * stage again.
 *
 * @param stages all of the run
 * @param grace in milliseconds
 */
export const failureWatch = async (
  root: string,
  stages: Iterable<Stage>,
  grace: number,
): Promise<(stage: Stage) => Promise<StageFailure | undefined>> => {
  const failureOf = (stage: Stage) => readFailure(stageFolder(root, stage), stage.name)
  const began = performance.now()
  const old = new Map<Stage, string>()
  for (const stage of stages) {
    const failure = await failureOf(stage)
    if (failure !== undefined) old.set(stage, failure.time)
  }
  const failureBehind = async (stage: Stage): Promise<StageFailure | undefined> => {
    if (await isDone(stageFolder(root, stage))) return undefined
    const failure = await failureOf(stage)
    const counts = old.get(stage) !== failure?.time || performance.now() - began > grace
    if (failure !== undefined && counts) return failure
    for (const need of Object.values(stage.needs)) {
      const found = await failureBehind(need)
      if (found !== undefined) return found
    }
    return undefined
  }
  return failureBehind
}
