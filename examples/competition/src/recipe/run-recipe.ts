import { readFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { finestLevel, levelNames } from '@kic/data'
import { writeSubmission } from '@kic/data/node'
import { type EngineChoice, selectEngine } from '@kic/engine'
import type { Probabilities } from '@kic/ensemble'
import { openPredictions } from '@kic/ensemble/node'
import { z } from 'zod'
import { codesOfPredictions } from '../labels.ts'
import { loadTask } from '../load-task.ts'
import { renderReport } from '../report/render-report.ts'
import type { TechniqueGain } from '../report/report-data.ts'
import { reportOfRun } from '../report/report-of-run.ts'
import { type SystemScores, scoreTable } from '../score-table.ts'
import { runStages } from '../stages/run-stages.ts'
import { inOrder, type Stage } from '../stages/stage.ts'
import { stageState } from '../stages/stage-folder.ts'
import { majority, memberPredictions, naiveBayes, scored, vote } from '../systems.ts'
import { verdict } from '../verdict.ts'
import { recordFile } from './make-member.ts'
import { techniquePairs } from './members.ts'
import type { Recipe } from './recipe.ts'
import { stagesOfRecipe } from './stages-of-recipe.ts'
import { type Part, predictionsFile, type Workspace } from './workspace.ts'

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
  const { recipe, output, seed, say } = options
  const started = performance.now()
  const task = await loadTask(recipe, seed, options.data)
  for (const note of task.notes) say(note)
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
    await concludeRun(options, workspace, folders, started)
  } finally {
    engine.dispose()
  }
}

const sayPlan = async (
  root: string,
  wanted: readonly Stage[],
  say: (line: string) => void,
): Promise<void> => {
  for (const stage of inOrder(wanted)) {
    say(`${(await stageState(root, stage)).padEnd(8)} ${stage.name}`)
  }
}

/** Lets the members vote, and writes everything that a run comes to. */
const concludeRun = async (
  { recipe, data, output, seed, say }: RunRecipeOptions,
  { task }: Workspace,
  folders: ReadonlyMap<string, string>,
  started: number,
): Promise<void> => {
  const { hierarchy } = task
  const folderOf = (name: string): string => folders.get(`member/${name}`) ?? ''
  const votes = (part: Part) =>
    Promise.all(
      recipe.members.map(async ({ name, level }) => ({
        name,
        level,
        probabilities: await readProbabilities(predictionsFile(folderOf(name), part)),
      })),
    )
  const tested = await votes('test')
  const ensemble = vote(hierarchy, tested)
  const systems: SystemScores[] = [
    ...tested.map(({ name, level, probabilities }) =>
      scored(task, name, memberPredictions(hierarchy, level, probabilities)),
    ),
    scored(task, 'ensemble', ensemble.predictions),
    scored(task, 'naive Bayes', naiveBayes(task)),
    scored(task, 'majority class', majority(task)),
  ]
  const levels = levelNames(hierarchy)
  say(`\n${task.testName}, percent:\n\n${scoreTable(levels, systems)}\n`)
  say(verdict(systems, finestLevel(hierarchy)))
  const submitted = vote(hierarchy, await votes('submit'))
  const files = {
    submission: join(output, 'submission.csv'),
    report: join(output, 'report.html'),
    metrics: join(output, 'metrics.json'),
  }
  await writeSubmission(
    files.submission,
    task.submit,
    codesOfPredictions(hierarchy, submitted.predictions, task.submit.length),
    { hierarchy },
  )
  const members = await Promise.all(
    recipe.members.map(async ({ name, level, size, start, head, fusion, loss }) => ({
      name,
      level,
      description: [size, start, `${head} head`, ...(fusion === 'none' ? [] : ['fused']), loss].join(', '),
      ...(await readRecord(folderOf(name))),
    })),
  )
  const techniques = techniqueGains(recipe, systems)
  await writeFileAtomic(
    files.report,
    await renderReport(
      reportOfRun({
        preset: recipe.name,
        seed,
        ...(data !== undefined && { data }),
        task,
        members,
        techniques,
        systems,
        vote: ensemble,
      }),
    ),
  )
  const metrics = {
    preset: recipe.name,
    seed,
    data: data ?? 'own dataset',
    rows: { train: task.train.length, validation: task.validation.length, test: task.test.length },
    testSet: task.testName,
    seconds: Math.round((performance.now() - started) / 1000),
    members,
    techniques,
    scores: Object.fromEntries(systems.map(({ system, levels: scores }) => [system, scores])),
  }
  await writeFileAtomic(files.metrics, `${JSON.stringify(metrics, null, 2)}\n`)
  for (const [what, path] of Object.entries(files)) say(`${`${what}:`.padEnd(12)}${path}`)
}

const readProbabilities = async (path: string): Promise<Probabilities> => {
  const stored = await openPredictions(path)
  try {
    return await stored.read(0, stored.rows)
  } finally {
    await stored.close()
  }
}

const recordSchema = z.strictObject({
  parameters: z.int(),
  curve: z.array(z.strictObject({ epoch: z.number(), accuracy: z.number() })),
})
const stageSchema = z.object({ seconds: z.number() })

const readRecord = async (folder: string) => {
  const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'))
  const { seconds } = stageSchema.parse(await json(join(folder, 'stage.json')))
  return { ...recordSchema.parse(await json(recordFile(folder))), seconds }
}

const techniqueGains = (recipe: Recipe, systems: readonly SystemScores[]): TechniqueGain[] => {
  const accuracy = (name: string, level: string): number =>
    systems.find(({ system }) => system === name)?.levels[level]?.accuracy ?? Number.NaN
  return techniquePairs(recipe.members).map(({ technique, without, with: found }) => ({
    technique,
    without: without.name,
    with: found.name,
    level: found.level,
    points: 100 * (accuracy(found.name, found.level) - accuracy(without.name, found.level)),
  }))
}
