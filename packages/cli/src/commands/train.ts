import type { Evaluation } from '@kic/classifier'
import { isKicError, KicError, percent, progressLine, textTable } from '@kic/core'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { errStream } from '../err-stream.ts'
import { READABLE } from '../input/reading-options.ts'
import type { Io } from '../io.ts'
import { positiveInteger } from '../parse-arguments.ts'
import type { LabelChoice } from '../train/label-set.ts'
import { preparationOf, preparedRows } from '../train/prepared-rows.ts'
import { scriptOf } from '../train/script-of.ts'
import { startingFolder, startingPoint } from '../train/starting-point.ts'
import { trainClassifier } from '../train/train-classifier.ts'
import { addTrainingOptions, checkTrainingOptions, type TrainingOptions } from '../train/training-options.ts'
import { type TrainingRows, trainingRows } from '../train/training-rows.ts'

interface Options extends TrainingOptions {
  readonly level?: string
  readonly labels: LabelChoice
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
    .argument('[files...]', 'labelled rows, of any format that kic predict reads; default: generated ones')
  addTrainingOptions(command, 3, 'text=사업내용,group=소분류')
    .addOption(
      new Option('--level <name>', 'whose codes are the classes; default: group').choices([
        'section',
        'division',
        'group',
      ]),
    )
    .addOption(
      new Option(
        '--labels <kind>',
        'ksic: codes of KSIC; own: any other classes, in one column; auto: by what the column holds',
      )
        .choices(['auto', 'ksic', 'own'])
        .default('auto'),
    )
    .option('--head <name>', 'standard, mean, or the x of an installed @kic/heads-x', 'mean')
    .option(
      '--generated <n>',
      'without a file: so many rows of the dataset generator',
      positiveInteger,
      60_000,
    )
    .option('--json', 'one JSON object instead of text')
    .addHelpText(
      'after',
      `${READABLE} A header\n` +
        'names text (or object, method and deal) and section, division, group or code; labels of your own are called label.\n' +
        'Without a header it is text, tab, code. Rows without a label at the level are left out, and counted.\n' +
        '\nExamples:\n  kic train answers.txt -o runs/first\n' +
        '  kic train january.xlsx february.xlsx -o runs/first --columns text=사업내용,group=소분류\n' +
        '  kic train complaints.csv -o runs/own --labels own --columns text=내용,label=분류\n' +
        '  kic train answers.txt -o runs/second --from runs/pretrained --epochs 5 --head standard\n' +
        '  kic train answers.txt -o runs/klue --from klue/roberta-small --batch-size 32\n' +
        '  kic train -o runs/generated --generated 100000',
    )
    .action(async (files: readonly string[], options: Options) => {
      const evaluation = await trainAndJudge(files, options, io)
      await io.out(
        options.json === true ? `${JSON.stringify(evaluation)}\n` : inWords(evaluation, options.output),
      )
    })
}

const trainAndJudge = async (
  files: readonly string[],
  options: Options,
  io: Io,
): Promise<Evaluation & { readonly trainingRows: number }> => {
  if (files.length === 0 && options.labels === 'own')
    throw new InvalidArgumentError('Generated rows are labelled by KSIC: --labels own needs a file.')
  const { seed, output, epochs, batchSize } = options
  await checkTrainingOptions('kic train', options)
  const [
    { calibrateClassifier, chooseRate, describeRate, evaluateClassifier },
    { selectEngine },
    { splitRows },
    { loadHead },
    { loadPredictor, nodeRuntime },
  ] = await Promise.all([
    import('@kic/classifier'),
    import('@kic/engine'),
    import('@kic/data'),
    import('@kic/roberta/node'),
    import('@kic/predictor/node'),
  ])
  // What is needed at the end is asked for at the start.
  await nodeRuntime()
  const head = await loadHead(options.head)
  const folder = await startingFolder(options.from, io)
  const preparation = await preparationOf(folder, io)
  const { classification, level, ...found } =
    files.length === 0 ? await generatedRows(options) : await trainingRows(files, options, io)
  const rows = preparedRows(found.rows, preparation, io)
  const { train, validation } = splitRows(rows, { fractions: { train: 0.9, validation: 0.1 }, seed, level })
  const classes = [...new Set(train.map(({ labels }) => labels[level] ?? ''))].sort()
  checkEnough(rows.length, validation.length, classes, level)
  io.err(
    `${train.length} rows to train on, ${validation.length} to validate, ${classes.length} classes (${level})\n`,
  )
  const engine = await selectEngine(options.engine)
  try {
    io.err(`engine: ${engine.description}\n`)
    const texts = train.map(({ text }) => text)
    if (folder === undefined) io.err('learning a vocabulary\n')
    const start = await startingPoint(folder, texts, classes, options)
    const rate = chooseRate(options.learningRate, start.encoder && start.config.hidden_size)
    io.err(`${epochs} epochs, batches of ${batchSize}, ${describeRate(rate)}\n`)
    await trainClassifier(
      {
        engine,
        start,
        head,
        level,
        notes: { classification, script: scriptOf(texts) },
        train,
        validation,
        preparation,
        epochs,
        batchSize,
        learningRate: rate.learningRate,
        seed,
        signal: io.signal,
        progress: errStream(io),
      },
      output,
    )
  } finally {
    engine.dispose()
  }
  const name = files.length === 0 ? 'generated rows' : `rows of ${files.join(', ')}`
  try {
    await calibrateClassifier(output, validation, `${validation.length} ${name}, not learned from`)
  } catch (error) {
    // The model is trained and saved; of few rows, all that were kept may be of words that the others do not have.
    if (!isKicError(error) || error.code !== 'predictor/calibration-rows') throw error
    io.err(
      `warning: the model is not calibrated, as it can use none of ${validation.length} validation rows; kic evaluate --calibrate does it on others\n`,
    )
  }
  const predictor = await loadPredictor(output)
  const progress = progressLine(errStream(io), 'evaluate')
  try {
    return {
      trainingRows: train.length,
      ...(await evaluateClassifier(predictor, validation, progress.update)),
    }
  } finally {
    progress.end()
    await predictor.dispose()
  }
}

/** @throws KicError `cli/one-class`, `cli/few-rows` */
const checkEnough = (rows: number, validation: number, classes: readonly string[], level: string): void => {
  if (classes.length < 2) {
    throw new KicError(
      'cli/one-class',
      `kic train: rows must have at least two classes to tell apart, received ${rows} rows of one ${level}, '${classes[0]}'. ` +
        'Add rows of others, or choose another --level.',
    )
  }
  if (validation > 0) return
  throw new KicError(
    'cli/few-rows',
    `kic train: a tenth of the rows is kept to calibrate the model, received ${rows} rows of ${classes.length} classes, too few ` +
      'for one. Give at least ten rows for each class.',
  )
}

const generatedRows = async ({ generated, seed, level = 'group' }: Options): Promise<TrainingRows> => {
  const [{ answerToRow, generateRows }, { ksic10 }] = await Promise.all([
    import('@kic/korean-answers'),
    import('@kic/classification/ksic'),
  ])
  const answers = generateRows({
    rows: generated,
    seed,
    balance: 0.35,
    minPerGroup: 40,
    repeats: 0,
    singleField: 0.5,
  })
  const rows = Array.from(answers, (answer, i) => answerToRow(answer, i)).flatMap((row) =>
    row.labels === undefined ? [] : [{ ...row, labels: row.labels }],
  )
  return { rows, classification: ksic10, level }
}

const inWords = (evaluation: Evaluation, folder: string): string => {
  const scores = Object.entries(evaluation.levels).map(([name, { rows, accuracy, macroF1 }]) => [
    name,
    percent(accuracy),
    percent(macroF1),
    String(rows),
  ])
  const unusable =
    evaluation.unusable === 0
      ? ''
      : `, ${evaluation.unusable} of them with texts that the model cannot use, which count as wrong`
  return (
    `${evaluation.rows} validation rows${unusable}:\n${textTable([['level', 'accuracy', 'macro-F1', 'labelled rows'], ...scores])}` +
    `\nsaved in ${folder}; kic predict --model ${folder} runs it, kic inspect ${folder} describes it\n`
  )
}
