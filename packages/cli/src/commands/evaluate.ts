import { KicError } from '@kic/core'
import { type Calibration, calibrate } from '@kic/predictor'
import type { Command } from 'commander'
import { defaultModel } from '../default-model.ts'
import { type Evaluation, evaluateRows } from '../evaluate-rows.ts'
import type { Io } from '../io.ts'
import { labelledInput } from '../labelled-input.ts'
import { columnNames } from '../parse-arguments.ts'
import { progressLine } from '../progress-line.ts'
import { percent, table } from '../table.ts'

interface Options {
  readonly model?: string
  readonly calibrate?: boolean
  readonly columns?: Readonly<Record<string, string>>
  readonly json?: boolean
}

/** `kic evaluate`: how well a model does on labelled rows; and its calibration. */
export const addEvaluate = (program: Command, io: Io): void => {
  program
    .command('evaluate')
    .description('Says how well a model does on labelled rows, and calibrates it on them.')
    .argument(
      '[file]',
      'labelled rows, of any format that kic predict reads; default: those of @kic/data written by hand',
    )
    .option('-m, --model <folder>', 'a model’s folder; default: the small model that comes along')
    .option(
      '--calibrate',
      'first fit temperature and validation curve on these rows, and write them into the model’s folder',
    )
    .option(
      '--columns <names>',
      'where a header has names of its own: text=사업내용,group=소분류',
      columnNames,
    )
    .option('--json', 'one JSON object instead of text')
    .addHelpText(
      'after',
      '\nCalibrate on rows that the model did not learn from, and judge it on others.\n' +
        '\nExamples:\n  kic evaluate\n  kic evaluate validation.tsv --model runs/first --calibrate\n' +
        '  kic evaluate test.tsv --model runs/first --json',
    )
    .action(async (file: string | undefined, options: Options) => {
      const evaluation = await evaluate(file, options, io)
      await io.out(options.json === true ? `${JSON.stringify(evaluation)}\n` : inWords(evaluation))
    })
}

type Result = Evaluation & {
  readonly data: string
  readonly calibration?: Pick<Calibration, 'temperature' | 'on'>
}

const evaluate = async (file: string | undefined, options: Options, io: Io): Promise<Result> => {
  if (options.calibrate === true && options.model === undefined) {
    throw new KicError(
      'cli/calibrate',
      'kic evaluate: --calibrate changes a model’s folder; name it with --model',
    )
  }
  const folder = options.model ?? (await defaultModel())
  const [{ rows, name }, { loadPredictor, saveCalibration }] = await Promise.all([
    labelledInput(file, options.columns),
    import('@kic/predictor/node'),
  ])
  if (options.calibrate === true) {
    const raw = await loadPredictor(folder)
    await saveCalibration(folder, await calibrate(raw, rows, name))
    await raw.dispose()
  }
  const predictor = await loadPredictor(folder)
  for (const warning of predictor.info.warnings) io.err(`warning: ${warning}\n`)
  const progress = progressLine(io, 'evaluate')
  try {
    const evaluation = await evaluateRows(predictor, rows, progress.update)
    const { calibration } = predictor.info
    return {
      data: name,
      ...evaluation,
      ...(calibration === undefined
        ? {}
        : { calibration: { temperature: calibration.temperature, on: calibration.on } }),
    }
  } finally {
    progress.end()
    await predictor.dispose()
  }
}

const inWords = (result: Result): string => {
  const levels = Object.entries(result.levels)
  const names = levels.map(([level]) => level)
  const scores = levels.map(([level, { accuracy, macroF1 }]) => [level, percent(accuracy), percent(macroF1)])
  const expectations = result.expectations.map(({ reviewBelow, automatic, accuracy }) => [
    String(reviewBelow),
    percent(automatic),
    ...names.map((level) => (accuracy[level] === undefined ? '–' : percent(accuracy[level].accuracy))),
  ])
  return (
    `${result.data}, ${result.model}\n` +
    (result.calibration === undefined
      ? 'not calibrated\n\n'
      : `calibrated on ${result.calibration.on}, temperature ${result.calibration.temperature.toFixed(3)}\n\n`) +
    `${table([['level', 'accuracy', 'macro-F1'], ...scores])}\n` +
    `among the three most probable ${percent(result.top3)}, calibration error ${percent(result.calibrationError)}, ` +
    `${result.unusable} unusable\n\n` +
    table([['review below', 'automatic', ...names], ...expectations])
  )
}
