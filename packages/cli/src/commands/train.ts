import { KicError } from '@kic/core'
import { ksic10 } from '@kic/data/ksic'
import { calibrate, type LabelledText } from '@kic/predictor'
import { type Command, Option } from 'commander'
import { errStream } from '../err-stream.ts'
import { type Evaluation, evaluateRows } from '../evaluate-rows.ts'
import type { Io } from '../io.ts'
import { columnNames, positiveInteger } from '../parse-arguments.ts'
import { percent, table } from '../table.ts'
import { preparationOf, preparedRows } from '../train/prepared-rows.ts'
import { startingPoint } from '../train/starting-point.ts'
import { trainClassifier } from '../train/train-classifier.ts'
import { addTrainingOptions, type TrainingOptions } from '../train/training-options.ts'

interface Options extends TrainingOptions {
  readonly level: string
  readonly head: string
  readonly generated: number
  readonly json?: boolean
}

/** `kic train`: labelled rows to a calibrated classifier. */
export const addTrain = (program: Command, io: Io): void => {
  const command = program
    .command('train')
    .description(
      'Trains a classifier, exports it, and calibrates it on a tenth of the rows that it did not learn from.',
    )
    .argument('[file]', 'labelled rows, of any format that kic predict reads; default: generated ones')
  addTrainingOptions(command, { epochs: 3, learningRate: 1e-3 })
    .addOption(
      new Option('--level <name>', 'whose codes are the classes')
        .choices(['section', 'division', 'group'])
        .default('group'),
    )
    .option('--head <name>', 'standard, mean, or the x of an installed @kic/heads-x', 'mean')
    .option(
      '--columns <names>',
      'where a header has names of its own: text=사업내용,group=소분류',
      columnNames,
    )
    .option(
      '--generated <n>',
      'without a file: so many rows of the dataset generator',
      positiveInteger,
      60_000,
    )
    .option('--json', 'one JSON object instead of text')
    .addHelpText(
      'after',
      '\nFine-tuning a pretrained encoder wants a smaller rate than the default: --learning-rate 5e-5.\n' +
        '\nExamples:\n  kic train answers.txt -o runs/first\n' +
        '  kic train answers.txt -o runs/second --from runs/pretrained --epochs 5 --head standard\n' +
        '  kic train -o runs/generated --generated 100000',
    )
    .action(async (file: string | undefined, options: Options) => {
      const evaluation = await trainAndJudge(file, options, io)
      await io.out(
        options.json === true ? `${JSON.stringify(evaluation)}\n` : inWords(evaluation, options.output),
      )
    })
}

const trainAndJudge = async (
  file: string | undefined,
  options: Options,
  io: Io,
): Promise<Evaluation & { readonly trainingRows: number }> => {
  const { level, seed, output } = options
  const [{ selectEngine }, { splitRows }, { loadPredictor, saveCalibration }] = await Promise.all([
    import('@kic/engine'),
    import('@kic/data'),
    import('@kic/predictor/node'),
  ])
  const preparation = await preparationOf(options.from, io)
  const rows = preparedRows(await labelledRows(file, options), preparation, io)
  const { train, validation } = splitRows(rows, { fractions: { train: 0.9, validation: 0.1 }, seed, level })
  if (train.length === 0 || validation.length === 0) {
    throw new KicError('cli/few-rows', `kic train: ${rows.length} rows are too few to train and to validate`)
  }
  const classes = [...new Set(train.map(({ labels }) => labels[level] ?? ''))].sort()
  io.err(
    `${train.length} rows to train on, ${validation.length} to validate, ${classes.length} classes (${level})\n`,
  )
  const texts = train.map(({ text }) => text)
  const start = await startingPoint(options.from, texts, classes, options)
  const engine = await selectEngine(options.engine)
  io.err(`engine: ${engine.description}\n`)
  try {
    const { head, epochs, batchSize, learningRate } = options
    await trainClassifier(
      {
        engine,
        start,
        head,
        level,
        train,
        validation,
        preparation,
        notes: { hierarchy: ksic10, script: 'Hangul' },
        epochs,
        batchSize,
        learningRate,
        seed,
        signal: io.signal,
        progress: errStream(io),
      },
      output,
    )
  } finally {
    engine.dispose()
  }
  const raw = await loadPredictor(output)
  const name = file === undefined ? 'generated rows' : `rows of ${file}`
  await saveCalibration(
    output,
    await calibrate(raw, validation, `${validation.length} ${name}, not learned from`),
  )
  await raw.dispose()
  const predictor = await loadPredictor(output)
  try {
    return { trainingRows: train.length, ...(await evaluateRows(predictor, validation)) }
  } finally {
    await predictor.dispose()
  }
}

/** Rows with a label at the level asked for. */
const labelledRows = async (
  file: string | undefined,
  { level, columns, generated, seed }: Options,
): Promise<readonly (LabelledText & { readonly id: string; readonly line: number })[]> => {
  if (file === undefined) {
    const { answerToRow, generateRows } = await import('@kic/data')
    const answers = generateRows({
      rows: generated,
      seed,
      balance: 0.35,
      minPerGroup: 40,
      repeats: 0,
      singleField: 0.5,
    })
    return withLabels(
      Array.from(answers, (answer, i) => answerToRow(answer, i)),
      level,
    )
  }
  const { loadRows } = await import('@kic/data/node')
  const { rows } = await loadRows(file, columns === undefined ? {} : { columns })
  const labelled = withLabels(rows, level)
  if (labelled.length > 0) return labelled
  throw new KicError(
    'cli/no-labels',
    `kic train: ${file} has no rows with a ${level}; name its columns with --columns`,
  )
}

const withLabels = <R extends { readonly labels?: LabelledText['labels'] }>(
  rows: readonly R[],
  level: string,
) => rows.flatMap((row) => (row.labels?.[level] === undefined ? [] : [{ ...row, labels: row.labels }]))

const inWords = (evaluation: Evaluation, folder: string): string => {
  const scores = Object.entries(evaluation.levels).map(([name, { accuracy, macroF1 }]) => [
    name,
    percent(accuracy),
    percent(macroF1),
  ])
  return (
    `${evaluation.rows} validation rows:\n${table([['level', 'accuracy', 'macro-F1'], ...scores])}` +
    `\nsaved in ${folder}; kic predict --model ${folder} runs it, kic inspect ${folder} describes it\n`
  )
}
