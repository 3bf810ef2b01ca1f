import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Classification, finestLevel, labelsOfNumbers, levelNames } from '@kic/classification'
import { defined } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { Row } from '@kic/data'
import { type SubmissionOptions, writeSubmission } from '@kic/data/node'
import { type Ensemble, type EnsembleVote, parseEnsemble } from '@kic/ensemble'
import { readPredictions, voteOnAllStored, voteOnStored } from '@kic/ensemble/node'
import { votesCsv } from '@kic/predictor'
import { textLimits } from '@kic/predictor/node'
import { judgeRows, reviewRule, textNumbers } from '@kic/scores'
import { readStageRecord } from '@kic/stages/node'
import { z } from 'zod'
import { accuracyLead, referenceLeads, type SystemAnswers } from '../accuracy-lead.ts'
import { judgedAnswers, truthOf } from '../judged-answers.ts'
import type { Task } from '../load-task.ts'
import { renderReport } from '../report/render-report.ts'
import type { TechniqueGain } from '../report/report-data.ts'
import { reportOfRun } from '../report/report-of-run.ts'
import { scoreTable } from '../score-table.ts'
import { spacingScores, spacingTable } from '../spacing-check.ts'
import { majority, memberPredictions, scored, vote } from '../systems.ts'
import { bestMember, CHOSEN } from '../verdict.ts'
import type { Predictions, Vote } from '../vote.ts'
import type { ChangedRows } from './changed-rows.ts'
import { combineMembers } from './combine-members.ts'
import { ensembleReaders, withoutRefused } from './ensemble-readers.ts'
import { recordFile } from './member-record.ts'
import { type MemberRecipe, techniquePairs } from './members.ts'
import { type NgramRecipe, readsWords } from './ngram-recipe.ts'
import { packModel } from './pack-model.ts'
import type { Recipe } from './recipe.ts'
import type { RunReference } from './references.ts'
import type { RunRecipeOptions } from './run-recipe-options.ts'
import {
  copiesStage,
  memberStage,
  predictionsStage,
  refitPredictionsStage,
  refitStage,
} from './stages-of-recipe.ts'
import { textsOf } from './texts-of.ts'
import { voterBytes } from './voter-bytes.ts'
import { type Part, predictionsFile } from './workspace.ts'

/** The chosen ensemble as a model, in the output folder. */
export const MODEL = 'model'

/** Result files of a run, in its output folder. */
export const RESULTS = {
  report: 'report.html',
  metrics: 'metrics.json',
  submission: 'submission.csv',
  predictions: 'predictions.csv',
} as const

/** Whose answers a submission has. */
const SUBMISSIONS = {
  published: 'vote of the published scheme',
  chosen: 'vote of the chosen ensemble',
} as const

export interface Conclusion
  extends Pick<RunRecipeOptions, 'data' | 'output' | 'seed' | 'say' | 'submit' | 'combine'> {
  /** Its members and n-gram models vote. */
  readonly recipe: Recipe
  readonly references: readonly RunReference[]
  readonly task: Task
  readonly changed: ChangedRows
  /** Folders of the stages, by name. */
  readonly folders: ReadonlyMap<string, string>
  /** Trains some voters again, on training and validation rows, and returns the folders of their stages. */
  readonly refit: (voters: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** The result of `checkSubmission` of `@kic/data/node`. */
  readonly encoding: NonNullable<SubmissionOptions['encoding']>
  /** The start of the run, from `performance.now()`. */
  readonly started: number
}

/**
 * Lets the members vote, and writes all results. If a file cannot be written, the others still are, and the error is thrown
 * at the end.
 */
export const concludeRun = async ({
  recipe,
  references,
  task,
  changed,
  folders,
  data,
  output,
  seed,
  encoding,
  submit = 'published',
  combine = 'auto',
  refit,
  started,
  say,
}: Conclusion): Promise<void> => {
  const { classification } = task
  const memberFolder = (name: string): string => defined(folders.get(memberStage(name)))
  const fileOf = (name: string, part: Part): string =>
    predictionsFile(defined(folders.get(stageOfPart(part)(name))), part)
  const voters = [...recipe.members, ...recipe.ngrams]
  const votes = (part: Part, of: readonly { readonly name: string; readonly level: string }[] = voters) =>
    Promise.all(
      of.map(async ({ name, level }) => ({
        name,
        level,
        probabilities: await readPredictions(fileOf(name, part)),
      })),
    )
  const files = Object.fromEntries(
    Object.entries({ model: MODEL, ...RESULTS }).map(([what, name]) => [what, join(output, name)]),
  )
  const levels = levelNames(classification)
  const copies = await votes('copies')
  const candidates = (await votes('validation')).map((candidate, k) => ({
    ...candidate,
    copies: defined(copies[k]).probabilities,
  }))
  say(
    `choosing among ${candidates.length} voters on ${task.validation.length} validation rows and their copies`,
  )
  const combined = await combineMembers(
    classification,
    candidates,
    truthOf(classification, task.validation),
    {
      combination: combine,
      groups: textNumbers(task.validation),
      copyOf: changed.copyOf,
      seed,
      onFit: (done, all) => say(`${done} of ${all} ensembles are fitted`),
      size:
        recipe.modelBytes === undefined
          ? undefined
          : { most: recipe.modelBytes, bytesOf: await voterBytes(voters, memberFolder) },
    },
  )
  const chosen = parseEnsemble(combined.ensemble)
  say(`\n${combined.reason}`)
  const refits = await refit(chosen.members.map(({ name }) => name))
  const trainedAgain = chosen.members.map(({ name }) => name).filter((name) => refits.has(refitStage(name)))
  const again = refitNote(trainedAgain)
  if (again !== undefined) say(again)
  /** The folder of a voter for use. */
  const usedFolder = (name: string): string => refits.get(refitStage(name)) ?? memberFolder(name)
  /** Those of validation rows are of the first training, as the second one saw them. */
  const usedFile = (name: string, part: Part): string => {
    const folder = part === 'validation' ? undefined : refits.get(refitPredictionsStage(name))
    return folder === undefined ? fileOf(name, part) : predictionsFile(folder, part)
  }
  const storedOn = (part: Part): Ensemble => ({
    ...chosen,
    members: chosen.members.map((member) => ({ ...member, predictions: usedFile(member.name, part) })),
  })
  const chosenOn = async (part: Part) => asVote(await voteOnAllStored(storedOn(part)))
  const use = { system: CHOSEN, vote: await chosenOn('test') }
  const readers = await ensembleReaders(output, {
    recipe,
    classification,
    ensemble: chosen,
    folderOf: usedFolder,
  })
  const judged = ({ predictions, groupProbabilities: { data, classes } }: Vote, rows: readonly Row[]) =>
    withoutRefused(readers, rows, judgeRows(judgedAnswers(classification, predictions, rows), data, classes))
  const judgedValidation = await judged(await chosenOn('validation'), task.validation)
  const review = reviewRule(levels, judgedValidation, await judged(use.vote, task.test))

  const alone =
    ({ name, level }: { readonly name: string; readonly level: string }) =>
    async (part: Part): Promise<Predictions> =>
      memberPredictions(classification, level, await readPredictions(fileOf(name, part)))

  const tested = await votes('test')
  const voting = publishedVoters(recipe, classification)
  const ensemble = vote(
    classification,
    tested.filter(({ name }) => voting.some((one) => one.name === name)),
  )
  const answers: readonly SystemAnswers[] = [
    ...tested.map(({ name, level, probabilities }) => ({
      system: name,
      predictions: memberPredictions(classification, level, probabilities),
    })),
    { system: 'ensemble', predictions: ensemble.predictions },
    { system: CHOSEN, predictions: use.vote.predictions },
    ...(await Promise.all(
      references.map(async ({ system, model }) => ({ system, predictions: await alone(model)('test') })),
    )),
    { system: 'majority class', predictions: majority(task) },
  ]
  const systems = answers.map(({ system, predictions }) => scored(task, system, predictions))
  const leads = referenceLeads(task, finestLevel(classification), answers, systems)
  say(
    `\n${task.testName}, percent${leads ? `, and points above the ${leads.reference} (95 % interval of other rows)` : ''}:\n\n` +
      `${scoreTable(levels, systems, leads)}\n`,
  )
  const network = bestMember(
    systems,
    finestLevel(classification),
    recipe.members.map(({ name }) => name),
  )
  const spacing = await spacingScores(task, [
    ...recipe.members
      .filter(({ name }) => name === network?.system)
      .map((one) => ({ system: `best network, ${one.name}`, readsWords: false, predict: alone(one) })),
    {
      system: 'published scheme',
      readsWords: false,
      predict: async (part) => vote(classification, await votes(part, voting)).predictions,
    },
    { system: CHOSEN, readsWords: false, predict: async (part) => (await chosenOn(part)).predictions },
    ...recipe.ngrams
      .filter((one) => one.level === finestLevel(classification) && readsWords(one))
      .map((one) => ({ system: one.name, readsWords: true, predict: alone(one) })),
  ])
  say(
    `${task.testName} with other spaces, percent of ${finestLevel(classification)}s right ` +
      `(difference in points):\n\n${spacingTable(spacing)}\n`,
  )
  const members = await Promise.all(
    voters.map(async (voter) => ({
      name: voter.name,
      level: voter.level,
      description: descriptionOf(recipe, voter),
      ...(await readRecord(memberFolder(voter.name))),
    })),
  )
  const techniques = techniqueGains(recipe, task, answers)
  const dataName = data ?? 'own dataset'
  const metrics = {
    preset: recipe.name,
    seed,
    data: dataName,
    rows: {
      train: task.train.length,
      generated: task.generated.length,
      validation: task.validation.length,
      test: task.test.length,
    },
    testSet: task.testName,
    seconds: Math.round((performance.now() - started) / 1000),
    members,
    techniques,
    leads,
    submission: submit,
    combination: { kind: combined.kind, ...combined.judged },
    refit: trainedAgain,
    chosen: chosen.members.map(({ name, weight, temperature }, i) => ({
      name,
      weight: chosen.stacks === undefined ? weight : undefined,
      stacked:
        chosen.stacks && Object.fromEntries(chosen.stacks.map(({ level, weights }) => [level, weights[i]])),
      temperature,
    })),
    review,
    spacing: spacing.map(({ system, test, joined, spaced }) => ({ system, test, joined, spaced })),
    scores: Object.fromEntries(systems.map(({ system, levels: scores }) => [system, scores])),
  }
  const packed = packModel(join(output, MODEL), {
    recipe,
    task,
    data: data === undefined ? 'the own dataset' : basename(data),
    ensemble: chosen,
    again,
    folderOf: usedFolder,
    validation: judgedValidation,
    scores: systems.find(({ system }) => system === CHOSEN),
    say,
  })
  await writeAll(
    {
      model: () => packed,
      metrics: (path) => writeFileAtomic(path, `${JSON.stringify(metrics, null, 2)}\n`),
      report: async (path) => {
        const report = reportOfRun({
          preset: recipe.name,
          seed,
          data,
          task,
          members,
          techniques,
          systems,
          leads,
          spacing,
          vote: ensemble,
          voting: voting.map(({ name }) => name),
          use: { ...use, review },
          submission: SUBMISSIONS[submit],
          combination: [combined.reason, ...(again === undefined ? [] : [again])].join(' '),
        })
        say(report.verdict)
        await writeFileAtomic(path, await renderReport(report))
      },
      submission: async (path) => {
        const { predictions } =
          submit === 'chosen' ? await chosenOn('submit') : vote(classification, await votes('submit', voting))
        const codes = labelsOfNumbers(classification, predictions, task.submit.length)
        await writeSubmission(path, task.submit, codes, { classification, encoding })
      },
      predictions: async (path) => {
        // Texts that the model would refuse have no code here either.
        const limits = await textLimits(readers, textsOf(task.submit))
        await writeFileAtomic(
          path,
          votesCsv(
            { classification, levels: chosen.levels },
            voteOnStored(storedOn('submit')),
            task.submit.map((row, i) => ({ ...row, ...limits[i] })),
            { reviewBelow: review.below ?? Number.POSITIVE_INFINITY },
          ),
        )
      },
    },
    files,
  )
  const kind = `${CHOSEN}, ${combined.kind}`
  const about: Readonly<Record<string, string>> = {
    model: kind,
    predictions: kind,
    submission: SUBMISSIONS[submit],
  }
  for (const [what, path] of Object.entries(files))
    say(`${`${what}:`.padEnd(13)}${path}${about[what] === undefined ? '' : ` (${about[what]})`}`)
}

/** Writes files in turn. A failure does not stop the others, and its error is thrown at the end. */
export const writeAll = async (
  writers: Readonly<Record<string, (path: string) => Promise<void>>>,
  paths: Readonly<Record<string, string>>,
): Promise<void> => {
  const failures: unknown[] = []
  for (const [what, write] of Object.entries(writers)) {
    try {
      await write(defined(paths[what]))
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** What was trained again, as sentences; `undefined` if nothing was. */
const refitNote = (names: readonly string[]): string | undefined =>
  names.length === 0
    ? undefined
    : `Trained again on training and validation rows, with the same settings: ${names.join(', ')}. Weights, temperatures and ` +
      'the validation curve are those of the first training, which did not see the validation rows.'

/** The stage that predicts a part. */
const stageOfPart = (part: Part): ((name: string) => string) =>
  part === 'validation' ? memberStage : part === 'copies' ? copiesStage : predictionsStage

/** The voters of the published scheme: the members, and the n-gram models too if no member predicts the finest level. */
const publishedVoters = (
  { members, ngrams }: Recipe,
  classification: Classification,
): readonly (MemberRecipe | NgramRecipe)[] =>
  members.some(({ level }) => level === finestLevel(classification)) ? members : [...members, ...ngrams]

const asVote = ({ levels, finest }: EnsembleVote): Vote => ({
  predictions: Object.fromEntries(Object.entries(levels).map(([level, { classes }]) => [level, classes])),
  groupProbabilities: finest,
})

const recordSchema = z.strictObject({
  parameters: z.int(),
  curve: z.array(z.strictObject({ epoch: z.number(), accuracy: z.number() })),
})

const readRecord = async (folder: string) => {
  const { seconds } = await readStageRecord(folder)
  const record: unknown = JSON.parse(await readFile(recordFile(folder), 'utf8'))
  return { ...recordSchema.parse(record), seconds }
}

const NGRAM_KINDS: Readonly<Record<NgramRecipe['model'], string>> = {
  'linear-svc': 'linear support vector machine',
  'nb-svc': 'support vector machine on naive Bayes weights',
  'logistic-regression': 'logistic regression',
  'naive-bayes': 'naive Bayes',
  nearest: 'nearest neighbours',
}

const descriptionOf = (recipe: Recipe, voter: MemberRecipe | NgramRecipe): string => {
  if ('model' in voter) {
    const spaced = readsWords(voter) ? '' : ' without spaces'
    return `n-grams of characters${spaced}, ${NGRAM_KINDS[voter.model]}`
  }
  const { size, start, head, fusion, loss } = voter
  const encoder = recipe.sizes[size]
  const fresh = recipe.pretraining === 'none' && encoder !== undefined && !('pretrained' in encoder)
  const begun = fresh && start === 'pretrained' ? 'from scratch' : start
  return [size, begun, `${head} head`, ...(fusion === 'none' ? [] : ['fused']), loss].join(', ')
}

const techniqueGains = (recipe: Recipe, task: Task, answers: readonly SystemAnswers[]): TechniqueGain[] => {
  const of = (name: string): Predictions => defined(answers.find(({ system }) => system === name)).predictions
  return techniquePairs(recipe.members).map(({ technique, without, with: found }) => ({
    technique,
    without: without.name,
    with: found.name,
    level: found.level,
    gain: defined(accuracyLead(task, found.level, of(found.name), of(without.name))),
  }))
}
