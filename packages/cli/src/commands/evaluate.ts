import type { Evaluation } from '@kic/classifier'
import { KicError, percent, progressLine, textTable } from '@kic/core'
import type { BudgetName } from '@kic/ensemble'
import type { Calibration } from '@kic/predictor'
import type { Command } from 'commander'
import { calibrateModel, checkCalibrated } from '../calibrate-model.ts'
import { knownNotes } from '../default-classification.ts'
import { errStream } from '../err-stream.ts'
import type { CliErrorCode } from '../error-code.ts'
import { addBudget } from '../input/budget-option.ts'
import { addReadingOptions, READABLE, type ReadingOptions } from '../input/reading-options.ts'
import type { Io } from '../io.ts'
import { labelledInput } from '../labelled-input.ts'
import { MODEL_OPTION, modelFolder } from '../model-folder.ts'
import { allowSeenOption } from '../seen-rows.ts'

interface Options extends ReadingOptions {
  readonly model?: string
  readonly budget?: BudgetName
  readonly against?: string
  readonly calibrate?: boolean
  readonly allowSeen?: boolean
  readonly json?: boolean
}

/** `kic evaluate`: measures a model on labelled rows, and calibrates it. */
export const addEvaluate = (program: Command, io: Io): void => {
  const command = program
    .command('evaluate')
    .description('Evaluates a model on labelled rows, and optionally calibrates it first.')
    .argument(
      '[files...]',
      'labelled rows, in any format that kic predict reads; default: hand-written rows for the bundled model',
    )
    .option('-m, --model <path>', MODEL_OPTION)
    .option('--against <path>', 'compare with this model on the same rows, with 95 % intervals')
    .option('--calibrate', 'first calibrate the model on these rows, as kic calibrate does')
    .addOption(allowSeenOption())
  addBudget(command)
  addReadingOptions(command, 'text=Description,label=Category')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      `${READABLE}\n` +
        '\nEach level is evaluated on the rows with a label at that level. Calibrate on rows outside the training data, and\n' +
        'evaluate on yet other rows. Of a model with guarantees (kic calibrate), it also shows how often sets of codes have the\n' +
        'true one.\n' +
        '\nExamples:\n  kic evaluate\n  kic evaluate validation.xlsx --model runs/first --calibrate\n' +
        '  kic evaluate survey.csv --columns text=Description,label=Category --skip-bad-rows\n' +
        '  kic evaluate test-1.tsv test-2.tsv --model runs/first --json\n' +
        '  kic evaluate test.tsv --model runs/ensemble\n' +
        '  kic evaluate test.tsv --model runs/second --against runs/first',
    )
    .action(async (files: readonly string[], options: Options) => {
      const evaluation = await evaluate(files, options, io)
      await io.out(options.json === true ? `${JSON.stringify(evaluation)}\n` : inWords(evaluation))
    })
}

type Result = Evaluation & {
  readonly data: string
  readonly calibration?: Pick<Calibration, 'temperature' | 'on'> | undefined
}

const evaluate = async (files: readonly string[], options: Options, io: Io): Promise<Result> => {
  if (options.calibrate === true && options.model === undefined) {
    throw new KicError<CliErrorCode>(
      'cli/calibrate',
      'kic evaluate: --calibrate writes into a model’s folder, received no --model. Set it.',
    )
  }
  const folder = await modelFolder(options.model)
  const [{ evaluateClassifier }, { loadPredictor, nodeRuntime, readTask }] = await Promise.all([
    import('@kic/classifier'),
    import('@kic/predictor/node'),
  ])
  const task = await readTask(folder, { known: knownNotes })
  if (task.needsRuntime) await nodeRuntime()
  if (options.calibrate === true) await checkCalibrated('kic evaluate', folder)
  const { rows, name } = await labelledInput('kic evaluate', files, options, task, io)
  if (options.calibrate === true) {
    await calibrateModel('kic evaluate', folder, { rows, name }, task, options, io)
    io.err('note: the model was calibrated on these rows; evaluate it on other ones, too\n')
  }
  const otherFolder = options.against === undefined ? undefined : await modelFolder(options.against)
  if (otherFolder !== undefined && (await readTask(otherFolder, { known: knownNotes })).needsRuntime)
    await nodeRuntime()
  const predictor = await loadPredictor(folder, { known: knownNotes, budget: options.budget })
  for (const warning of predictor.info.warnings) io.err(`warning: ${warning}\n`)
  const against =
    otherFolder === undefined ? undefined : await loadPredictor(otherFolder, { known: knownNotes })
  const progress = progressLine(errStream(io), 'evaluate')
  try {
    const how = { against, signal: io.signal }
    const evaluation = await evaluateClassifier(predictor, rows, progress.update, how)
    const { calibration } = predictor.info
    return {
      data: name,
      ...evaluation,
      calibration:
        calibration === undefined ? undefined : { temperature: calibration.temperature, on: calibration.on },
    }
  } finally {
    progress.end()
    await predictor.dispose()
    await against?.dispose()
  }
}

const inWords = (result: Result): string => {
  const levels = Object.entries(result.levels)
  const names = levels.map(([level]) => level)
  const scores = levels.map(([level, { rows, accuracy, macroF1 }]) => [
    level,
    percent(accuracy),
    percent(macroF1),
    rows.toLocaleString('en-US'),
  ])
  const expectations = result.expectations.map(({ reviewBelow, automatic, accuracy }) => [
    String(reviewBelow),
    percent(automatic),
    ...names.map((level) => (accuracy[level] === undefined ? '–' : percent(accuracy[level].accuracy))),
  ])
  const shareOf = (value: number | undefined): string => (value === undefined ? 'unknown' : percent(value))
  return (
    `${result.data}, ${result.model}\n` +
    (result.calibration === undefined
      ? 'not calibrated\n\n'
      : `calibrated on ${result.calibration.on} (temperature ${result.calibration.temperature.toFixed(3)})\n\n`) +
    `${textTable([['level', 'accuracy', 'macro-F1', 'labelled rows'], ...scores])}\n` +
    `top-3 accuracy ${shareOf(result.top3)}, calibration error ${shareOf(result.calibrationError)}, ` +
    `${result.unusable} unusable\n\n` +
    textTable([['review below', 'automatic', ...names], ...expectations]) +
    describeComparison(result.against) +
    describeSets(result.sets, names)
  )
}

/** Differences in points, with their intervals. */
const describeComparison = (against: Evaluation['against']): string => {
  if (against === undefined) return ''
  const points = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(2)}`
  const rows = Object.entries(against.levels).map(([level, { difference, low, high }]) => [
    level,
    points(difference),
    `${points(low)} to ${points(high)}`,
  ])
  return `\nagainst ${against.model}, points of accuracy:\n${textTable([['level', 'difference', '95 % interval of other rows'], ...rows])}`
}

/** The share of rows whose set has the true code, and the mean size of the sets. */
const describeSets = (sets: Evaluation['sets'], names: readonly string[]): string => {
  if (sets === undefined) return ''
  const rows = sets.map(({ coverage, levels }) => [
    percent(coverage),
    ...names.map((level) => {
      const found = levels[level]
      return found === undefined ? '–' : `${percent(found.covered)} · ${found.size.toFixed(2)}`
    }),
  ])
  return `\nsets of codes, share with the true code · mean size:\n${textTable([['coverage', ...names], ...rows])}`
}
