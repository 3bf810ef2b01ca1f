import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { levelNames } from '@kic/data'
import { writeSubmission } from '@kic/data/node'
import type { EnsembleInput, Probabilities } from '@kic/ensemble'
import { loadEnsemble, openPredictions, saveEnsemble } from '@kic/ensemble/node'
import { z } from 'zod'
import { judgedRows } from '../judged-rows.ts'
import { classNumbers, codesOfPredictions } from '../labels.ts'
import type { NgramRecipe } from '../ngram/make-ngram-member.ts'
import { renderReport } from '../report/render-report.ts'
import type { TechniqueGain } from '../report/report-data.ts'
import { reportOfRun } from '../report/report-of-run.ts'
import { reviewRule } from '../review-rule.ts'
import { type SystemScores, scoreTable } from '../score-table.ts'
import { majority, memberPredictions, naiveBayes, scored, vote } from '../systems.ts'
import { SELECTED } from '../verdict.ts'
import { recordFile } from './member-record.ts'
import { type MemberRecipe, techniquePairs } from './members.ts'
import type { Recipe } from './recipe.ts'
import type { RunRecipeOptions } from './run-recipe.ts'
import { selectEnsemble } from './select-ensemble.ts'
import { predictionsCsv, voteOnAll } from './voted-rows.ts'
import { type Part, predictionsFile, type Workspace } from './workspace.ts'

/** Lets the members vote, and writes everything that a run comes to. */
export const concludeRun = async (
  { recipe, data, output, seed, say }: RunRecipeOptions,
  { task }: Workspace,
  folders: ReadonlyMap<string, string>,
  started: number,
): Promise<void> => {
  const { hierarchy } = task
  const folderOf = (name: string): string => folders.get(`member/${name}`) ?? ''
  const voters = [...recipe.members, ...recipe.ngrams]
  const votes = (part: Part, of: readonly { readonly name: string; readonly level: string }[] = voters) =>
    Promise.all(
      of.map(async ({ name, level }) => ({
        name,
        level,
        probabilities: await readProbabilities(predictionsFile(folderOf(name), part)),
      })),
    )
  const files = {
    submission: join(output, 'submission.csv'),
    predictions: join(output, 'predictions.csv'),
    ensemble: join(output, 'ensemble.json'),
    report: join(output, 'report.html'),
    metrics: join(output, 'metrics.json'),
  }
  const levels = levelNames(hierarchy)
  const selected = await selectEnsemble(
    hierarchy,
    await votes('validation'),
    Object.fromEntries(levels.map((level) => [level, classNumbers(hierarchy, level, task.validation)])),
  )
  await saveEnsemble(files.ensemble, withPaths(selected, output, folderOf))
  const stored = await loadEnsemble(files.ensemble)
  const selectedOn = (part: Part) =>
    voteOnAll({
      ...stored,
      members: stored.members.map((member) => ({
        ...member,
        predictions: predictionsFile(folderOf(member.name), part),
      })),
    })
  const use = { system: SELECTED, vote: await selectedOn('test') }
  const review = reviewRule(
    levels,
    judgedRows(hierarchy, await selectedOn('validation'), task.validation),
    judgedRows(hierarchy, use.vote, task.test),
  )

  const tested = await votes('test')
  const ensemble = vote(hierarchy, tested.slice(0, recipe.members.length))
  const systems: SystemScores[] = [
    ...tested.map(({ name, level, probabilities }) =>
      scored(task, name, memberPredictions(hierarchy, level, probabilities)),
    ),
    scored(task, 'ensemble', ensemble.predictions),
    scored(task, SELECTED, use.vote.predictions),
    scored(task, 'naive Bayes', naiveBayes(task)),
    scored(task, 'majority class', majority(task)),
  ]
  say(`\n${task.testName}, percent:\n\n${scoreTable(levels, systems)}\n`)
  const submitted = vote(hierarchy, await votes('submit', recipe.members))
  await writeSubmission(
    files.submission,
    task.submit,
    codesOfPredictions(hierarchy, submitted.predictions, task.submit.length),
    { hierarchy },
  )
  await writeFileAtomic(
    files.predictions,
    predictionsCsv(hierarchy, stored, task.submit, review.below ?? Number.POSITIVE_INFINITY),
  )
  const members = await Promise.all(
    voters.map(async (voter) => ({
      name: voter.name,
      level: voter.level,
      description: descriptionOf(recipe, voter),
      ...(await readRecord(folderOf(voter.name))),
    })),
  )
  const techniques = techniqueGains(recipe, systems)
  const report = reportOfRun({
    preset: recipe.name,
    seed,
    ...(data !== undefined && { data }),
    task,
    members,
    techniques,
    systems,
    vote: ensemble,
    voting: recipe.members.map(({ name }) => name),
    use: { ...use, review },
  })
  say(report.verdict)
  await writeFileAtomic(files.report, await renderReport(report))
  const metrics = {
    preset: recipe.name,
    seed,
    data: data ?? 'own dataset',
    rows: { train: task.train.length, validation: task.validation.length, test: task.test.length },
    testSet: task.testName,
    seconds: Math.round((performance.now() - started) / 1000),
    members,
    techniques,
    selected: stored.members.map(({ name, weight, temperature }) => ({ name, weight, temperature })),
    review,
    scores: Object.fromEntries(systems.map(({ system, levels: scores }) => [system, scores])),
  }
  await writeFileAtomic(files.metrics, `${JSON.stringify(metrics, null, 2)}\n`)
  for (const [what, path] of Object.entries(files)) say(`${`${what}:`.padEnd(13)}${path}`)
}

/** An ensemble as `ensemble.json` names it: models, where the predictor can load them, and predictions of the rows to submit. */
const withPaths = (
  ensemble: EnsembleInput,
  output: string,
  folderOf: (name: string) => string,
): EnsembleInput => ({
  ...ensemble,
  members: ensemble.members.map((member) => {
    const folder = folderOf(member.name)
    return {
      ...member,
      ...(existsSync(join(folder, 'config.json')) && { model: relative(output, folder) }),
      predictions: relative(output, predictionsFile(folder, 'submit')),
    }
  }),
})

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

const descriptionOf = (recipe: Recipe, voter: MemberRecipe | NgramRecipe): string => {
  if ('model' in voter) {
    return voter.model === 'naive-bayes'
      ? 'n-grams of 1 to 3 characters, naive Bayes'
      : `n-grams of ${voter.shortest} to ${voter.longest} characters, linear support vector machine`
  }
  const { size, start, head, fusion, loss } = voter
  const encoder = recipe.sizes[size]
  const fresh = recipe.pretraining === 'none' && encoder !== undefined && !('pretrained' in encoder)
  const begun = fresh && start === 'pretrained' ? 'from scratch' : start
  return [size, begun, `${head} head`, ...(fusion === 'none' ? [] : ['fused']), loss].join(', ')
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
