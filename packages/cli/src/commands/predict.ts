import { KicError } from '@kic/core'
import type { Predictor } from '@kic/predictor'
import { thresholdFor } from '@kic/scores'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type OutputOptions, outputFormat } from '../answers/answer-output.ts'
import { checkEncodable } from '../answers/check-encodable.ts'
import { codeRows } from '../answers/code-rows.ts'
import { defaultModel } from '../default-model.ts'
import { givenTexts, type Input, openInput } from '../input/read-input.ts'
import { addReadingOptions, ONLY_COUNTED, READABLE, type ReadingOptions } from '../input/reading-options.ts'
import type { Io } from '../io.ts'
import { positiveInteger, share } from '../parse-arguments.ts'
import { checkOutputFile } from '../preflight.ts'
import type { Finish } from '../run.ts'

interface Options extends ReadingOptions, OutputOptions {
  readonly input?: readonly string[]
  readonly format: 'auto' | 'lines'
  readonly keepColumns?: boolean
  readonly model?: string
  readonly precision?: 'int8' | 'float32' | 'float16'
  readonly top: number
  readonly reviewBelow?: number
  readonly targetAccuracy?: number
}

/** `kic predict`: texts, standard input or files to codes. */
export const addPredict = (program: Command, io: Io, finish: Finish): void => {
  const command = program
    .command('predict')
    .description('Codes texts: those given, those of files, or of standard input, one a line.')
    .argument('[texts...]', 'what businesses do, in Korean')
    .option('-i, --input <files...>', "one or several files to code; '-' is standard input")
    .option('-o, --output <file>', 'where answers go (.csv, .jsonl or .xlsx) instead of standard output')
    .addOption(
      new Option(
        '--format <name>',
        'how the input is written: recognised by its first line, or one text a line',
      )
        .choices(['auto', 'lines'])
        .default('auto'),
    )
  addReadingOptions(command, 'text=사업내용,id=번호 (or object=…,method=…,deal=…)', ONLY_COUNTED)
    .option('--keep-columns', 'columns of the input that are not understood are passed through')
    .option('-m, --model <path>', 'a model’s folder, or an ensemble.json; default: the bundled model')
    .addOption(
      new Option('--precision <name>', 'which weights to run; default: the quickest there are').choices([
        'int8',
        'float32',
        'float16',
      ]),
    )
    .option('-k, --top <n>', 'how many candidates to list', positiveInteger, 3)
    .option('--review-below <share>', 'answers of less confidence are marked for a person to look at', share)
    .addOption(
      new Option(
        '--target-accuracy <share>',
        'instead: the lowest threshold at which the model’s validation rows are coded that well',
      )
        .argParser(share)
        .conflicts('reviewBelow'),
    )
    .addOption(new Option('--json', 'one JSON object a row').conflicts('csv'))
    .option('--csv', 'CSV, the default for files')
    .addOption(
      new Option(
        '--bom',
        'CSV begins with a byte order mark, by which spreadsheet programs know UTF-8',
      ).conflicts('outputEncoding'),
    )
    .addOption(
      new Option('--output-encoding <name>', 'of a CSV file; cp949 is checked to hold every row at the start')
        .choices(['utf-8', 'cp949'])
        .default('utf-8'),
    )
    .addHelpText(
      'after',
      `${READABLE} A header names text, or object, method and deal, and may name an id.\n` +
        'With --format lines each line is a text; so it is on standard input without --input.\n' +
        '\nOutput: every row gets an answer, with its id: coded, review, or unusable with the reason. Unreadable rows are unusable,\n' +
        'and the exit code is then 3, or 0 with --skip-bad-rows.\n' +
        '\nExamples:\n' +
        '  kic predict "카센터에서 자동차부분정비 타이어오일교환"\n' +
        '  kic predict -i answers.xlsx -o coded.xlsx --keep-columns\n' +
        '  kic predict -i answers.txt -o coded.csv --review-below 0.6\n' +
        '  kic predict -i january.csv february.csv -o coded.csv\n' +
        '  kic predict -i survey.csv.gz --encoding cp949 --columns text=사업내용,id=번호 --bom -o coded.csv\n' +
        '  kic predict -i answers.txt --target-accuracy 0.95 -o coded.jsonl\n' +
        '  kic predict -i answers.txt -m runs/ensemble.json -o coded.csv\n' +
        '  cut -f 3 answers.tsv | kic predict --csv | head',
    )
    .action(async (texts: string[], options: Options) => {
      if (texts.length > 0 && options.input !== undefined)
        throw new InvalidArgumentError('Give texts or --input, not both.')
      finish(await predict(texts, options, io))
    })
}

const predict = async (texts: readonly string[], options: Options, io: Io): Promise<number> => {
  const paths = options.input ?? (texts.length === 0 ? ['-'] : undefined)
  const format = outputFormat(options, paths === undefined ? 'words' : 'csv')
  if (options.output !== undefined) await checkOutputFile('kic predict', options.output, paths)
  if (paths !== undefined && options.input === undefined && io.inputIsTerminal)
    io.err('one text a line, end with Ctrl-D (kic predict --help explains)\n')
  // Standard input without a word on its format is one text a line.
  const reading = options.input === undefined ? { ...options, format: 'lines' as const } : options
  const input: Input =
    paths === undefined ? { others: [], rows: givenTexts(texts) } : await openInput(paths, reading, io)
  const { loadPredictor, threadRuntime } = await import('@kic/predictor/node')
  const predictor = await loadPredictor(options.model ?? (await defaultModel()), {
    precision: options.precision,
    // A few texts are answered before threads are there.
    runtime: paths === undefined ? undefined : threadRuntime(),
  })
  for (const warning of predictor.info.warnings) io.err(`warning: ${warning}\n`)
  try {
    const reviewBelow = options.reviewBelow ?? targetThreshold(predictor, options.targetAccuracy)
    if (options.outputEncoding === 'cp949') {
      if (paths?.includes('-') === true)
        throw new InvalidArgumentError('Standard input cannot be read twice: cp949 needs files as --input.')
      const again = paths === undefined ? input : await openInput(paths, reading, io)
      await checkEncodable(
        paths === undefined ? givenTexts(texts) : again.rows,
        predictor.info.preparation,
        io,
      )
    }
    const many = paths !== undefined
    return await codeRows(predictor, input, { ...options, what: 'predict', format, many, reviewBelow }, io)
  } finally {
    await predictor.dispose()
  }
}

/**
 * The threshold at which the validation rows reach an accuracy at the finest level.
 *
 * @throws KicError `cli/no-curve`, `cli/target-accuracy`
 */
const targetThreshold = ({ info }: Predictor, accuracy: number | undefined): number | undefined => {
  if (accuracy === undefined) return undefined
  const curve = info.calibration?.curve
  const level = info.levels.at(-1) ?? ''
  if (curve === undefined) {
    throw new KicError(
      'cli/no-curve',
      `kic predict: --target-accuracy needs a calibrated model, but ${info.name} has no validation curve; ` +
        (info.kind === 'ensemble' ? 'give --review-below' : 'write one with `kic evaluate --calibrate`'),
    )
  }
  const threshold = thresholdFor(curve, level, accuracy)
  if (threshold !== undefined) return threshold
  throw new KicError(
    'cli/target-accuracy',
    `kic predict: at no threshold were the validation rows of ${info.name} coded to ${accuracy} at the level ${level}; ask for less`,
  )
}
