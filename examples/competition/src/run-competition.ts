import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { codesOf, finestLevel, levelNames, type Row } from '@kic/data'
import { writeSubmission } from '@kic/data/node'
import { type EngineChoice, selectEngine } from '@kic/engine'
import type { Probabilities } from '@kic/ensemble'
import { createTokenizer, trainWordPiece } from '@kic/tokenizer'
import { codesOfPredictions } from './labels.ts'
import { loadTask, type Task } from './load-task.ts'
import type { Preset } from './preset.ts'
import { renderReport } from './report/render-report.ts'
import { reportOfRun } from './report/report-of-run.ts'
import { type SystemScores, scoreTable } from './score-table.ts'
import { majority, memberPredictions, naiveBayes, scored, vote } from './systems.ts'
import { tokenize } from './tokenize.ts'
import { type Corpus, type TrainedMember, trainMember } from './train-member.ts'
import { verdict } from './verdict.ts'

export interface RunOptions {
  readonly preset: Preset
  /** A path or `naics`; without it the project's own dataset. */
  readonly data?: string
  readonly output: string
  readonly engine: EngineChoice
  readonly seed: number
  readonly say: (line: string) => void
}

/** The whole solution in small: vocabulary, members, vote, evaluation, submission. */
export const runCompetition = async (options: RunOptions): Promise<void> => {
  const { preset, output, seed, say } = options
  const started = performance.now()
  const task = await loadTask(preset, seed, options.data)
  const { hierarchy } = task
  for (const note of task.notes) say(note)
  say(
    `${task.train.length} rows to train on, ${task.validation.length} to validate, ${task.test.length} ${task.testName}; ` +
      levelNames(hierarchy)
        .map((level) => `${codesOf(hierarchy, level).length} ${level}s`)
        .join(', '),
  )
  const engine = await selectEngine(options.engine)
  say(`engine: ${engine.description}`)
  const corpus = await prepareCorpus(task, preset)
  say(`vocabulary: ${corpus.tokenizer.vocabSize} pieces learned from the training rows`)
  const members: TrainedMember[] = []
  try {
    for (const member of preset.members) {
      members.push(await trainMember(engine, member, preset, corpus, join(output, 'models', member.name)))
    }
    const predict = async (rows: readonly Row[]) => {
      const tokens = tokenize(corpus.tokenizer, rows, preset.maxLength)
      const probabilities = new Map<TrainedMember, Probabilities>()
      for (const member of members) probabilities.set(member, await member.predict(tokens))
      return probabilities
    }
    const tested = await predict(task.test)
    const ensemble = vote(hierarchy, votesOf(tested))
    const systems: SystemScores[] = [
      ...[...tested].map(([member, probabilities]) =>
        scored(task, member.preset.name, memberPredictions(hierarchy, member.level, probabilities)),
      ),
      scored(task, 'ensemble', ensemble.predictions),
      scored(task, 'naive Bayes', naiveBayes(task)),
      scored(task, 'majority class', majority(task)),
    ]
    say(`\n${task.testName}, percent:\n\n${scoreTable(levelNames(hierarchy), systems)}\n`)
    say(verdict(systems, finestLevel(hierarchy)))
    const submission = join(output, 'submission.csv')
    const submitted =
      task.submit === task.test ? ensemble : vote(hierarchy, votesOf(await predict(task.submit)))
    const labels = codesOfPredictions(hierarchy, submitted.predictions, task.submit.length)
    await writeSubmission(submission, task.submit, labels, { hierarchy })
    const metrics = join(output, 'metrics.json')
    await writeFileAtomic(
      metrics,
      `${JSON.stringify(report(options, task, members, systems, started), null, 2)}\n`,
    )
    const page = join(output, 'report.html')
    await writeFileAtomic(
      page,
      await renderReport(
        reportOfRun({
          ...options,
          preset: preset.name,
          task,
          members: members.map(reported),
          techniques: [],
          systems,
          vote: ensemble,
        }),
      ),
    )
    say(
      `\nsubmission: ${submission}\nreport:     ${page}\nmetrics:    ${metrics}\nmodels:     ${join(output, 'models')}`,
    )
  } finally {
    for (const member of members) member.dispose()
    engine.dispose()
  }
}

const votesOf = (members: ReadonlyMap<TrainedMember, Probabilities>) =>
  [...members].map(([{ level }, probabilities]) => ({ level, probabilities }))

const reported = ({ preset, level, parameters, seconds, validation }: TrainedMember) => ({
  name: preset.name,
  level,
  description: `${preset.layers} layers of ${preset.hidden}, ${preset.head} head`,
  parameters,
  seconds,
  curve: validation.map((accuracy, i) => ({ epoch: i + 1, accuracy })),
})

const prepareCorpus = async (task: Task, preset: Preset): Promise<Corpus> => {
  const vocabulary = await trainWordPiece(
    task.train.map((row) => row.text),
    { vocabSize: preset.vocabulary },
  )
  const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
  const tokenized = (rows: readonly Row[]) => ({ rows, tokens: tokenize(tokenizer, rows, preset.maxLength) })
  return {
    hierarchy: task.hierarchy,
    tokenizer,
    train: tokenized(task.train),
    validation: tokenized(task.validation),
  }
}

const report = (
  { preset, data, seed }: RunOptions,
  task: Task,
  members: readonly TrainedMember[],
  systems: readonly SystemScores[],
  started: number,
) => ({
  preset: preset.name,
  seed,
  data: data ?? 'own dataset',
  rows: { train: task.train.length, validation: task.validation.length, test: task.test.length },
  testSet: task.testName,
  seconds: Math.round((performance.now() - started) / 1000),
  members: members.map(({ preset: { name }, level, parameters, seconds, validation }) => ({
    name,
    level,
    parameters,
    seconds: Math.round(seconds),
    validationAccuracy: validation,
  })),
  scores: Object.fromEntries(systems.map(({ system, levels }) => [system, levels])),
})
