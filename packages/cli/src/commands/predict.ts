import { KicError } from '@kic/core'
import { answersCsv, type Predictor, thresholdFor } from '@kic/predictor'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { defaultModel } from '../default-model.ts'
import { EXIT, type Io, OutputClosed } from '../io.ts'
import { columnNames, positiveInteger, share } from '../parse-arguments.ts'
import { answerRows } from '../predict/answer-rows.ts'
import { type AnswerFormat, humanFormat, jsonFormat } from '../predict/format-answers.ts'
import { openOutputFile } from '../predict/output-file.ts'
import { givenTexts, type InputRow, readInput } from '../predict/read-input.ts'
import { addAnswers, describeTally, emptyTally, type Tally } from '../predict/tally.ts'
import { progressLine } from '../progress-line.ts'
import type { Finish } from '../run.ts'

interface Options {
  readonly input?: string
  readonly output?: string
  readonly format: 'auto' | 'lines'
  readonly encoding?: 'utf-8' | 'cp949'
  readonly columns?: Readonly<Record<string, string>>
  readonly model?: string
  readonly precision?: 'int8' | 'float32' | 'float16'
  readonly top: number
  readonly reviewBelow?: number
  readonly targetAccuracy?: number
  readonly json?: boolean
  readonly csv?: boolean
  readonly bom?: boolean
}

/** `kic predict`: texts, standard input or files to codes. */
export const addPredict = (program: Command, io: Io, finish: Finish): void => {
  program
    .command('predict')
    .description('Codes texts: those given, a file’s, or standard input’s, one a line.')
    .argument('[texts...]', 'what businesses do, in Korean')
    .option('-i, --input <file>', "a file to code; '-' is standard input")
    .option('-o, --output <file>', 'where answers go, instead of standard output')
    .addOption(
      new Option(
        '--format <name>',
        'how the input is written: recognised by its first line, or one text a line',
      )
        .choices(['auto', 'lines'])
        .default('auto'),
    )
    .addOption(
      new Option('--encoding <name>', 'of the input; found by its bytes').choices(['utf-8', 'cp949']),
    )
    .option(
      '--columns <names>',
      'where a header has names of its own: text=사업내용,id=번호 (or object=…,method=…,deal=…)',
      columnNames,
    )
    .option('-m, --model <folder>', 'a model’s folder; default: the small model that comes along')
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
    .option('--csv', 'CSV, as by default for files')
    .option('--bom', 'begin CSV with a byte order mark, by which spreadsheet programs know UTF-8')
    .addHelpText(
      'after',
      '\nInput: the competition’s format, its answer sheet, or CSV, TSV and Parquet with a header (text, or object, method and\n' +
        'deal; id), as UTF-8 or cp949, also packed by gzip; with --format lines one text a line. Every row gets an answer: coded,\n' +
        'review, or unusable with the reason. Standard input without --input is one text a line.\n' +
        '\nExamples:\n' +
        '  kic predict "카센터에서 자동차부분정비 타이어오일교환"\n' +
        '  kic predict -i answers.txt -o coded.csv --review-below 0.6\n' +
        '  kic predict -i survey.csv.gz --columns text=사업내용,id=번호 --bom -o coded.csv\n' +
        '  kic predict -i answers.txt --target-accuracy 0.95 --json > coded.jsonl\n' +
        '  cut -f 3 answers.tsv | kic predict --csv | head',
    )
    .action(async (texts: string[], options: Options) => {
      if (texts.length > 0 && options.input !== undefined)
        throw new InvalidArgumentError('Give texts or --input, not both.')
      finish(await predict(texts, options, io))
    })
}

const predict = async (texts: readonly string[], options: Options, io: Io): Promise<number> => {
  const input = options.input ?? (texts.length === 0 ? '-' : undefined)
  if (input === '-' && options.input === undefined && io.inputIsTerminal)
    io.err('one text a line, end with Ctrl-D (kic predict --help explains)\n')
  const { loadPredictor, threadRuntime } = await import('@kic/predictor/node')
  const predictor = await loadPredictor(options.model ?? (await defaultModel()), {
    ...(options.precision === undefined ? {} : { precision: options.precision }),
    // A few texts are answered before threads are there.
    ...(input === undefined ? {} : { runtime: threadRuntime() }),
  })
  for (const warning of predictor.info.warnings) io.err(`warning: ${warning}\n`)
  try {
    const rows = input === undefined ? givenTexts(texts) : readInput(input, inputOptions(options, input), io)
    return await writeAnswers(predictor, rows, options, io, input !== undefined)
  } finally {
    await predictor.dispose()
  }
}

/** Standard input without a word on its format is one text a line. */
const inputOptions = ({ format, encoding, columns, input: named }: Options, input: string) => ({
  format: input === '-' && named === undefined ? ('lines' as const) : format,
  ...(encoding === undefined ? {} : { encoding }),
  ...(columns === undefined ? {} : { columns }),
})

const writeAnswers = async (
  predictor: Predictor,
  rows: Iterable<InputRow> | AsyncIterable<InputRow>,
  options: Options,
  io: Io,
  many: boolean,
): Promise<number> => {
  const reviewBelow = options.reviewBelow ?? targetThreshold(predictor, options.targetAccuracy)
  const format = formatOf(predictor, options, many)
  const file = options.output === undefined ? undefined : await openOutputFile(options.output)
  const write = file === undefined ? io.out : file.write
  const progress = progressLine(io, 'predict')
  const started = performance.now()
  let tally: Tally = emptyTally
  try {
    if (options.bom === true && format.header !== '') await write('\ufeff')
    if (format.header !== '') await write(format.header)
    const answers = answerRows(predictor, rows, {
      topK: options.top,
      reviewBelow: reviewBelow ?? 0,
      signal: io.signal,
    })
    for await (const window of answers) {
      await write(window.map((answer) => format.row(answer)).join(''))
      for (const answer of window) {
        if (!('reject' in answer) || answer.reject.reason === 'empty-text') continue
        progress.end()
        io.err(`line ${answer.line}: ${answer.reject.reason}: ${answer.reject.message}\n`)
      }
      tally = addAnswers(tally, window)
      progress.update(tally.rows)
      io.signal.throwIfAborted()
    }
    await file?.finish()
  } catch (error) {
    progress.end()
    if (file !== undefined) {
      await file.keep()
      io.err(`${tally.rows} rows were done; they are kept in ${file.partial}\n`)
    } else if (many && !(error instanceof OutputClosed)) io.err(`${tally.rows} rows were done and written\n`)
    throw error
  }
  progress.end()
  const seconds = (performance.now() - started) / 1000
  const expectation = reviewBelow === undefined ? undefined : predictor.expectation(reviewBelow)
  if (many || reviewBelow !== undefined) io.err(describeTally(tally, many ? seconds : 0, expectation))
  return tally.rejects > 0 ? EXIT.incomplete : EXIT.done
}

const formatOf = (predictor: Predictor, { json, csv, output }: Options, many: boolean): AnswerFormat => {
  if (json === true) return jsonFormat
  return csv === true || many || output !== undefined ? answersCsv(predictor.info.levels) : humanFormat
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
        'write one with `kic evaluate --calibrate`',
    )
  }
  const threshold = thresholdFor(curve, level, accuracy)
  if (threshold !== undefined) return threshold
  throw new KicError(
    'cli/target-accuracy',
    `kic predict: at no threshold were the validation rows of ${info.name} coded to ${accuracy} at the level ${level}; ask for less`,
  )
}
