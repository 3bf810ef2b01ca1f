import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { codesOf, finestLevel, type Hierarchy, levelNames, type Row } from '@kic/data'
import { writeSubmission } from '@kic/data/node'
import { type EngineChoice, selectEngine } from '@kic/engine'
import { argmaxRows, type Probabilities, publishedScheme } from '@kic/ensemble'
import { createTokenizer, trainWordPiece } from '@kic/tokenizer'
import { classificationScores } from '@kic/trainer'
import { ancestorNumbers, classNumbers, codesOfPredictions } from './labels.ts'
import { loadTask, type Task } from './load-task.ts'
import { trainNaiveBayes } from './naive-bayes.ts'
import type { Preset } from './preset.ts'
import { renderReport } from './report/render-report.ts'
import { type Predictions, reportOfRun, type Vote } from './report/report-of-run.ts'
import { type SystemScores, scoreTable } from './score-table.ts'
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
    const ensemble = vote(hierarchy, tested)
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
    const submitted = task.submit === task.test ? ensemble : vote(hierarchy, await predict(task.submit))
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
      await renderReport(reportOfRun({ ...options, task, members, systems, vote: ensemble })),
    )
    say(
      `\nsubmission: ${submission}\nreport:     ${page}\nmetrics:    ${metrics}\nmodels:     ${join(output, 'models')}`,
    )
  } finally {
    for (const member of members) member.dispose()
    engine.dispose()
  }
}

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

/** A member's predictions at its own level and the coarser ones that follow from it. */
const memberPredictions = (
  hierarchy: Hierarchy,
  level: string,
  probabilities: Probabilities,
): Predictions => {
  const labels = argmaxRows(probabilities)
  if (level !== finestLevel(hierarchy)) return { [level]: labels }
  return fromFinest(hierarchy, labels)
}

const fromFinest = (hierarchy: Hierarchy, labels: Int32Array): Predictions =>
  Object.fromEntries(
    levelNames(hierarchy).map((level) => {
      const parents = ancestorNumbers(hierarchy, level)
      return [level, labels.map((label) => parents[label] ?? -1)]
    }),
  )

/** The published three-level vote. */
const vote = (hierarchy: Hierarchy, members: ReadonlyMap<TrainedMember, Probabilities>): Vote => {
  const [section = '', division = '', group = ''] = levelNames(hierarchy)
  const at = (level: string): Probabilities[] =>
    [...members].filter(([member]) => member.level === level).map(([, probabilities]) => probabilities)
  const voted = publishedScheme({
    groupMembers: at(group),
    divisionMembers: at(division),
    divisionOfGroup: ancestorNumbers(hierarchy, division),
    sectionOfGroup: ancestorNumbers(hierarchy, section),
  })
  return {
    predictions: { [section]: voted.section, [division]: voted.division, [group]: voted.group },
    groupProbabilities: voted.groupProbabilities,
  }
}

const naiveBayes = ({ hierarchy, train, test }: Task): Predictions => {
  const finest = finestLevel(hierarchy)
  const classify = trainNaiveBayes(
    train.map((row) => row.text),
    classNumbers(hierarchy, finest, train),
    codesOf(hierarchy, finest).length,
  )
  return fromFinest(hierarchy, classify(test.map((row) => row.text)))
}

/** Always the class that is most frequent among the training rows. */
const majority = ({ hierarchy, train, test }: Task): Predictions =>
  Object.fromEntries(
    levelNames(hierarchy).map((level) => {
      const counts = new Int32Array(codesOf(hierarchy, level).length)
      for (const label of classNumbers(hierarchy, level, train)) counts[label] = (counts[label] ?? 0) + 1
      return [level, new Int32Array(test.length).fill(counts.indexOf(Math.max(...counts)))]
    }),
  )

const scored = ({ hierarchy, test }: Task, system: string, predictions: Predictions): SystemScores => ({
  system,
  levels: Object.fromEntries(
    Object.entries(predictions).map(([level, labels]) => {
      const { accuracy, macroF1 } = classificationScores(labels, classNumbers(hierarchy, level, test))
      return [level, { accuracy, macroF1 }]
    }),
  ),
})

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
