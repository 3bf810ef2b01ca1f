import { totalmem } from 'node:os'
import { join } from 'node:path'
import { codesOf, levelNames } from '@kic/data'
import { type EngineChoice, selectEngine } from '@kic/engine'
import { loadTask } from '../load-task.ts'
import { estimateStages, planLines } from '../stages/estimate.ts'
import { planStages, runStages } from '../stages/run-stages.ts'
import type { Stage } from '../stages/stage.ts'
import { stageState } from '../stages/stage-folder.ts'
import { concludeRun } from './conclude-run.ts'
import { onLevelsOf, type Recipe } from './recipe.ts'
import { stagesOfRecipe } from './stages-of-recipe.ts'
import type { Workspace } from './workspace.ts'

export interface RunRecipeOptions {
  readonly recipe: Recipe
  /** A path or `naics`; without it the project's own dataset. */
  readonly data?: string
  /** Where results go; stages lie in `stages/` below it. */
  readonly output: string
  readonly engine: EngineChoice
  readonly seed: number
  /** Names of members to make alone, without a vote. */
  readonly only?: readonly string[]
  /** Whether to say what would be done, and do nothing. */
  readonly dryRun?: boolean
  /** Stages that run at once. */
  readonly jobs?: number
  readonly say: (line: string) => void
}

/** Of the machine's memory, what stages may occupy together. */
const MEMORY_SHARE = 0.7

/** The whole solution as stages that are kept: members, vote, evaluation, report, submission. */
export const runRecipe = async (options: RunRecipeOptions): Promise<void> => {
  const { output, seed, say } = options
  const started = performance.now()
  const task = await loadTask(options.recipe, seed, options.data)
  const recipe = onLevelsOf(options.recipe, task.hierarchy)
  for (const note of task.notes) say(note)
  say(
    `${task.train.length} rows to train on, ${task.validation.length} to validate, ${task.test.length} ${task.testName}; ` +
      levelNames(task.hierarchy)
        .map((level) => `${codesOf(task.hierarchy, level).length} of level ${level}`)
        .join(', '),
  )
  const engine = await selectEngine(options.engine)
  say(`engine: ${engine.description}`)
  try {
    const workspace: Workspace = { engine, recipe, task, seed }
    const stages = stagesOfRecipe(workspace)
    const wanted = [...stages]
      .filter(([name]) => options.only?.includes(name) ?? true)
      .map(([, stage]) => stage)
    const root = join(output, 'stages')
    if (options.dryRun === true) return await sayPlan(root, wanted, say)
    const folders = await runStages(wanted, {
      root,
      memory: MEMORY_SHARE * totalmem(),
      ...(options.jobs !== undefined && { jobs: options.jobs }),
      say,
    })
    if (options.only !== undefined) return
    await concludeRun({ ...options, recipe }, workspace, folders, started)
  } finally {
    engine.dispose()
  }
}

/** Says of each stage whether it is done, and how long the others will take. */
const sayPlan = async (
  root: string,
  wanted: readonly Stage[],
  say: (line: string) => void,
): Promise<void> => {
  const { order, waiting } = await planStages(root, wanted)
  const estimates = await estimateStages(waiting, say)
  const states = await Promise.all(order.map((stage) => stageState(root, stage)))
  const rows = order.map(({ name }, i) => ({
    name,
    state: states[i] ?? 'missing',
    runs: waiting.some((stage) => stage.name === name),
  }))
  for (const line of planLines(rows, estimates)) say(line)
}
