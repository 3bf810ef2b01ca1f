import { stat } from 'node:fs/promises'
import { checkOutputFile, sameFile } from '@kic/core/node'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { outputFormat } from '../answers/answer-output.ts'
import { checkEncodable } from '../answers/check-encodable.ts'
import { codeRows } from '../answers/code-rows.ts'
import { startRecord } from '../answers/coding-record.ts'
import { bundledModel, knownNotes } from '../default-classification.ts'
import type { Finish } from '../finish.ts'
import { addBudget } from '../input/budget-option.ts'
import { precisionOption } from '../input/precision-option.ts'
import { givenTexts, type Input, openInput } from '../input/read-input.ts'
import { addReadingOptions, ONLY_COUNTED, READABLE } from '../input/reading-options.ts'
import type { Io } from '../io.ts'
import { MODEL_OPTION, modelFolder } from '../model-folder.ts'
import { positiveInteger, share } from '../parse-arguments.ts'
import { CONFIDENCE, describeGuarantee, thresholdOf } from '../predict/accuracy-threshold.ts'
import { checkPredictOptions, type PredictCommandOptions } from '../predict/predict-options.ts'
import { addSetOptions, setsOf } from '../predict/set-options.ts'

/** `kic predict`: codes texts, standard input or files. */
export const addPredict = (program: Command, io: Io, finish: Finish): void => {
  const command = program
    .command('predict')
    .description('Codes texts: from arguments, from files, or from standard input (one text per line).')
    .argument('[texts...]', `texts to code; the bundled model codes ${bundledModel.codes}`)
    .option('-i, --input <files...>', "files to code; '-' reads standard input")
    .option('-o, --output <file>', 'output file (.csv, .jsonl or .xlsx); default: standard output')
    .addOption(
      new Option(
        '--format <name>',
        'input format: auto detects it from the first line; lines reads one text per line',
      )
        .choices(['auto', 'lines'])
        .default('auto'),
    )
  addBudget(command)
  addReadingOptions(command, 'text=Description,id=Number', ONLY_COUNTED)
    .option('--keep-columns', 'copy the other columns of the input to the output')
    .option('-m, --model <path>', MODEL_OPTION)
    .addOption(precisionOption('weights to run; default: the fastest in the folder'))
    .option('-k, --top <n>', 'number of candidates per text', positiveInteger, 3)
    .option('--review-below <share>', 'mark answers below this confidence for review', share)
    .addOption(
      new Option(
        '--target-accuracy <share>',
        'guarantee this accuracy: set --review-below to the lowest threshold that the calibration rows prove',
      )
        .argParser(openShare)
        .conflicts(['reviewBelow', 'expectedAccuracy']),
    )
    .option(
      '--confidence <share>',
      `probability that the guarantee of --target-accuracy holds (default: ${CONFIDENCE})`,
      openShare,
    )
    .addOption(
      new Option(
        '--expected-accuracy <share>',
        'set --review-below to the lowest threshold that reached this accuracy on the model’s validation rows; others miss it half of the time',
      )
        .argParser(share)
        .conflicts('reviewBelow'),
    )
  addSetOptions(command)
    .option(
      '--explain',
      'show which characters carried the first answer and which the second, the confidence without the strongest three, and the nearest coded texts if the model’s folder keeps some',
    )
    .option(
      '--record <file>',
      'write a record of the run as JSON: digests of model, inputs and output, versions, times, options',
    )
    .addOption(new Option('--json', 'write one JSON object per row').conflicts('csv'))
    .option('--csv', 'write CSV, the default for files')
    .addOption(
      new Option(
        '--bom',
        'start CSV with a byte order mark, by which spreadsheet programs detect UTF-8',
      ).conflicts('outputEncoding'),
    )
    .addOption(
      new Option(
        '--output-encoding <name>',
        'encoding of the CSV file; with cp949, every row is checked first',
      )
        .choices(['utf-8', 'cp949'])
        .default('utf-8'),
    )
    .addHelpText(
      'after',
      `${READABLE}\n` +
        'The header names the column text (or object, method and deal), and optionally id. Standard input without --input has\n' +
        'one text per line.\n' +
        '\nOutput: one answer per row, with its id and a status: coded, review, or unusable with a reason. If rows were unreadable,\n' +
        'the exit code is 3, or 0 with --skip-bad-rows.\n' +
        '\n--coverage and --target-accuracy need a model that was calibrated with kic calibrate; their guarantees hold for texts like\n' +
        'its calibration rows. They add novelty, how likely such a text is at least as strange, and novel: yes for the strangest.\n' +
        '\nExamples:\n' +
        `  kic predict "${bundledModel.example}"\n` +
        `  kic predict --explain "${bundledModel.example}"\n` +
        '  kic predict -m runs/news "The striker scored twice"\n' +
        '  kic predict -i answers.xlsx -o coded.xlsx --keep-columns\n' +
        '  kic predict -i answers.txt -o coded.csv --review-below 0.6\n' +
        '  kic predict -i january.csv february.csv -o coded.csv\n' +
        '  kic predict -i survey.csv.gz --encoding cp949 --columns text=Description,id=Number --bom -o coded.csv\n' +
        '  kic predict -i answers.txt --target-accuracy 0.95 -o coded.jsonl\n' +
        '  kic predict -i answers.txt --target-accuracy 0.9 --confidence 0.99 -o coded.csv\n' +
        '  kic predict -i answers.txt --coverage 0.95 -o coded.csv\n' +
        '  kic predict -m runs/first -i answers.txt --coverage 0.9 --class-conditional -o coded.csv\n' +
        '  kic predict -i answers.txt -m runs/ensemble --budget fast -o coded.csv\n' +
        '  kic predict -i answers.txt --review-below 0.6 -o coded.csv --record coded.record.json\n' +
        '  cut -f 3 answers.tsv | kic predict --csv | head',
    )
    .action(async (texts: string[], options: PredictCommandOptions) => {
      if (texts.length > 0 && options.input !== undefined)
        throw new InvalidArgumentError('Use either texts or --input, not both.')
      checkReading(command, texts, options)
      finish(await predict(texts, options, io))
    })
}

/** A number between 0 and 1: no number of rows shows certainty, and 0 asks for nothing. */
const openShare = (text: string): number => {
  const value = share(text)
  if (value === 0 || value === 1)
    throw new InvalidArgumentError('It must be above 0 and below 1, such as 0.95.')
  return value
}

/** Options about files of rows, by name of their value. */
const ABOUT_FILES = {
  format: '--format',
  encoding: '--encoding',
  columns: '--columns',
  skipBadRows: '--skip-bad-rows',
  cutCodes: '--cut-codes',
  keepColumns: '--keep-columns',
} as const

/** @throws InvalidArgumentError for options about files, or about columns, where the input has none */
const checkReading = (command: Command, texts: readonly string[], options: PredictCommandOptions): void => {
  const given = Object.entries(ABOUT_FILES).flatMap(([name, flag]) =>
    command.getOptionValueSource(name) === 'cli' ? [flag] : [],
  )
  if (texts.length > 0 && given.length > 0)
    throw new InvalidArgumentError(
      `${given.join(', ')}: about files, received texts as arguments. Leave out, or code a file with --input.`,
    )
  const columns = given.filter((flag) => flag === '--columns' || flag === '--keep-columns')
  if (columns.length > 0 && (options.input === undefined || options.format === 'lines'))
    throw new InvalidArgumentError(
      `${columns.join(', ')}: about files with columns, but each line of the input is a text. Leave out, or read columns ` +
        "with --input and without --format lines ('-i -' reads standard input).",
    )
}

const predict = async (texts: readonly string[], options: PredictCommandOptions, io: Io): Promise<number> => {
  const paths = options.input ?? (texts.length === 0 ? ['-'] : undefined)
  const format = outputFormat(options, paths === undefined ? 'words' : 'csv')
  checkPredictOptions(options, format, paths !== undefined)
  const { record, output } = options
  for (const path of [output, record])
    if (path !== undefined) await checkOutputFile('kic predict', path, paths)
  if (record !== undefined && output !== undefined && (await sameFile(record, output)))
    throw new InvalidArgumentError('--record and --output must be two files.')
  if (paths !== undefined && options.input === undefined && io.inputIsTerminal)
    io.err('Type one text per line and end with Ctrl-D (see kic predict --help).\n')
  // Standard input without a stated format has one text per line.
  const reading = options.input === undefined ? { ...options, format: 'lines' as const } : options
  if (paths === undefined) await warnOfFiles(texts, io)
  const open = async (): Promise<Input> =>
    paths === undefined ? { others: [], rows: givenTexts(texts) } : openInput(paths, reading, io)
  const input = await open()
  const { loadPredictor, threadRuntime } = await import('@kic/predictor/node')
  const predictor = await loadPredictor(await modelFolder(options.model), {
    known: knownNotes,
    precision: options.precision,
    budget: options.budget,
    // A few texts are answered before threads would have started.
    runtime: paths === undefined ? undefined : threadRuntime(),
  })
  const { info } = predictor
  for (const warning of info.warnings) io.err(`warning: ${warning}\n`)
  try {
    const { targetAccuracy } = options
    const sets = setsOf(info, options)
    const reviewBelow = options.reviewBelow ?? thresholdOf(info, options)
    const confidence = targetAccuracy === undefined ? undefined : (options.confidence ?? CONFIDENCE)
    if (targetAccuracy !== undefined && confidence !== undefined)
      io.err(describeGuarantee(reviewBelow, targetAccuracy, confidence))
    if (options.outputEncoding === 'cp949') {
      if (paths?.includes('-') === true)
        throw new InvalidArgumentError(
          '--output-encoding cp949 reads its input twice, and standard input can only be read once. Use files as --input.',
        )
      await checkEncodable((await open()).rows, info.preparation, io)
    }
    const used = { ...options, confidence, reviewBelow }
    const started = { command: 'kic predict', info, options: used, inputs: paths ?? [] }
    const write = record === undefined ? undefined : await startRecord(started)
    const novelty = sets !== undefined || targetAccuracy !== undefined
    const coding = {
      ...options,
      what: 'predict',
      format,
      many: paths !== undefined,
      reviewBelow,
      sets,
      novelty,
    }
    const { tally, exitCode } = await codeRows(predictor, input, coding, io)
    if (record !== undefined && output !== undefined) await write?.(record, { output, tally })
    return exitCode
  } finally {
    await predictor.dispose()
  }
}

/** Other commands take files where this one takes texts. */
const warnOfFiles = async (texts: readonly string[], io: Io): Promise<void> => {
  for (const text of texts) {
    const found = await stat(text).catch(() => undefined)
    if (found?.isFile() === true)
      io.err(
        `warning: ${text} is a file, and its name is coded as a text. Code its rows with --input ${text}.\n`,
      )
  }
}
