import { readFile } from 'node:fs/promises'
import { writeFileAtomic } from '@kic/core/node'
import { estimateStages } from './estimate.ts'
import { type PlanDocument, parsePlan, planDocument, resultName } from './plan-document.ts'
import { planStages } from './plan-stages.ts'
import { inOrder, type Stage } from './stage.ts'
import { stageState } from './stage-folder.ts'
import { stageKey } from './stage-key.ts'
import { stagesError } from './stages-error.ts'

/**
 * The plan of a run as data, for processes that each do a part of it. It runs no stage, but measures each kind for a
 * few seconds.
 *
 * @throws KicError `stages/name`
 */
export const stagePlan = async (
  root: string,
  wanted: readonly Stage[],
  say: (line: string) => void,
): Promise<PlanDocument> => {
  const { order, waiting } = await planStages(root, wanted)
  const estimates = await estimateStages(waiting, say)
  return planDocument(
    await Promise.all(
      order.map(async (stage) => {
        const { name, needs, memory } = stage
        const digest = stageKey(stage)
        return {
          name,
          digest,
          needs: Object.fromEntries(
            Object.entries(needs).map(([role, need]) => [role, { name: need.name, digest: stageKey(need) }]),
          ),
          state: await stageState(root, stage),
          runs: waiting.includes(stage),
          seconds: estimates.get(name),
          memory,
          folder: resultName(name, digest),
        }
      }),
    ),
  )
}

/**
 * Writes a plan whole or not at all.
 *
 * @throws KicError `core/write-failed`
 */
export const writePlan = (path: string, plan: PlanDocument): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(plan, null, 2)}\n`)

/**
 * Reads a plan, of which nothing is trusted.
 *
 * @throws KicError `stages/plan` if it cannot be read, or with the path of the first wrong field
 */
export const readPlan = async (path: string): Promise<PlanDocument> => {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw stagesError(
      'stages/plan',
      `readPlan: a plan must be readable, received ${path}: ${cause.message}. Write it first, or correct the path.`,
    )
  })
  return parsePlan(text, path)
}

/**
 * Checks that a plan is that of these stages: the same names and digests, so the same code versions, configs and data.
 *
 * @throws KicError `stages/plan-differs` with the first stage that differs, `stages/name`
 */
export const checkPlan = (plan: PlanDocument, wanted: readonly Stage[]): void => {
  const own = new Map(inOrder(wanted).map((stage) => [stage.name, stageKey(stage)]))
  const differs = (what: string): never => {
    throw stagesError(
      'stages/plan-differs',
      `checkPlan: this process must have the plan's stages, received ${what}. Use the same version, options and data as the process that wrote the plan, or write the plan again.`,
    )
  }
  for (const { name, digest } of plan.stages) {
    const found = own.get(name)
    if (found === undefined) differs(`no stage ${name}, which the plan has`)
    if (found !== digest)
      differs(`${name} with digest ${found?.slice(0, 12)}, which is ${digest.slice(0, 12)} in the plan`)
    own.delete(name)
  }
  for (const name of own.keys()) differs(`${name}, which the plan does not have`)
}
