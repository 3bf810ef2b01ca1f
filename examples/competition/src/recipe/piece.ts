import { KicError } from '@kic/core'
import { checkOutputFile } from '@kic/core/node'
import type { PlanDocument, Shard, Stage } from '@kic/stages'
import {
  checkPlan,
  describePlan,
  readPlan,
  runShard,
  runStage,
  type StoreOptions,
  stagePlan,
  writePlan,
} from '@kic/stages/node'
import type { RunRecipeOptions } from './run-recipe-options.ts'

/** What a process does of a run, if not all of it. No piece votes or writes results. */
export type Piece =
  | { readonly kind: 'describe' }
  | { readonly kind: 'plan'; readonly path: string }
  | { readonly kind: 'stage'; readonly name: string; readonly plan: PlanDocument | undefined }
  | { readonly kind: 'shard'; readonly shard: Shard; readonly plan: PlanDocument }

/**
 * The piece that options ask for; `undefined` for a whole run. Reads the plan of a stage or shard.
 *
 * @throws KicError `example/option` for options that exclude each other, `core/output` if a plan cannot be written,
 *   `stages/plan` if it cannot be read
 */
export const pieceOf = async (
  options: Pick<RunRecipeOptions, 'dryRun' | 'plan' | 'stage' | 'shard' | 'jobs'>,
): Promise<Piece | undefined> => {
  const { dryRun = false, plan, stage, shard, jobs } = options
  const given = Object.entries({ '--dry-run': dryRun || undefined, '--stage': stage, '--shard': shard })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name)
  if (given.length > 1) throw optionError('one piece of a run at a time is possible', given.join(' and '))
  if (dryRun && plan !== undefined)
    throw optionError('one piece of a run at a time is possible', '--dry-run and --plan')
  if (jobs !== undefined && (stage !== undefined || shard !== undefined))
    throw optionError('a stage or shard runs one stage at a time', `${given.join()} and --jobs`)
  if (dryRun) return { kind: 'describe' }
  if (stage !== undefined)
    return { kind: 'stage', name: stage, plan: plan === undefined ? undefined : await readPlan(plan) }
  if (shard !== undefined) {
    if (plan === undefined) throw optionError('--shard needs the plan that all shards share', 'no --plan')
    return { kind: 'shard', shard, plan: await readPlan(plan) }
  }
  if (plan === undefined) return undefined
  await checkOutputFile('runRecipe', plan)
  return { kind: 'plan', path: plan }
}

/**
 * Does a piece of the run of these stages.
 *
 * @throws KicError as `describePlan`, `writePlan`, `runStage` and `runShard`
 */
export const runPiece = async (
  piece: Piece,
  wanted: readonly Stage[],
  store: StoreOptions,
): Promise<void> => {
  const { root, say } = store
  switch (piece.kind) {
    case 'describe':
      for (const line of await describePlan(root, wanted, say)) say(line)
      return
    case 'plan': {
      const plan = await stagePlan(root, wanted, say)
      await writePlan(piece.path, plan)
      say(`plan of ${plan.total.stages} stages to run: ${piece.path}`)
      return
    }
    case 'stage':
      if (piece.plan !== undefined) checkPlan(piece.plan, wanted)
      await runStage(wanted, piece.name, store)
      return
    case 'shard':
      await runShard(wanted, { ...store, plan: piece.plan, shard: piece.shard })
  }
}

const optionError = (rule: string, received: string): KicError =>
  new KicError('example/option', `runRecipe: ${rule}, received ${received}. Correct the options.`)
