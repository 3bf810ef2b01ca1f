import { textTable } from '@kic/core'
import type { BudgetName } from '@kic/ensemble'
import type { Calibration } from '@kic/predictor'
import type { ValidationCurve } from '@kic/scores'
import type { Command } from 'commander'
import { calibrateModel, checkCalibrated } from '../calibrate-model.ts'
import { knownNotes } from '../default-classification.ts'
import { guaranteeSummary, guaranteesInWords } from '../guarantees-in-words.ts'
import { addBudget } from '../input/budget-option.ts'
import { addReadingOptions, READABLE, type ReadingOptions } from '../input/reading-options.ts'
import type { Io } from '../io.ts'
import { labelledInput } from '../labelled-input.ts'
import { allowSeenOption } from '../seen-rows.ts'

interface Options extends ReadingOptions {
  readonly model: string
  readonly input: readonly string[]
  readonly budget?: BudgetName
  readonly keepTemperature?: boolean
  readonly allowSeen?: boolean
  readonly json?: boolean
}

/** `kic calibrate`: what a model's answers to labelled rows say about its confidence, saved in its folder. */
export const addCalibrate = (program: Command, io: Io): void => {
  const command = program
    .command('calibrate')
    .description('Calibrates a model on labelled rows: confidence, expected accuracy, guarantees.')
    .requiredOption('-m, --model <path>', 'folder of a model or an ensemble; its kic.json is written')
    .requiredOption(
      '-i, --input <files...>',
      'labelled rows that the model was not trained on, in any format that kic predict reads',
    )
    .option(
      '--keep-temperature',
      'leave the temperature as it is, so that all rows make guarantees; they must not have fitted it',
    )
    .addOption(allowSeenOption())
  addBudget(command)
  addReadingOptions(command, 'text=Description,label=Category')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      `${READABLE}\n` +
        '\nThe rows are halved at random. One half fits the temperature; the other, of at least 100 rows, makes the guarantees:\n' +
        'the sets of kic predict --coverage, the thresholds of --target-accuracy, and the marks on strange texts. They hold for\n' +
        'texts like these rows, so draw the rows at random from the texts to code.\n' +
        '\nExamples:\n  kic calibrate -m runs/first -i held-out.csv\n' +
        '  kic calibrate -m runs/first -i held-out.csv --keep-temperature\n' +
        '  kic calibrate -m runs/ensemble -i held-out.tsv --budget fast\n' +
        '  kic predict -m runs/first -i answers.csv -o coded.csv --coverage 0.95 --target-accuracy 0.95',
    )
    .action(async (options: Options) => {
      const { calibration, levels } = await calibrate(options, io)
      const { temperature, on, curve } = calibration
      if (options.keepTemperature === true && areSameRows(curve, calibration.guarantees?.curve))
        io.err(SAME_ROWS)
      const summary = guaranteeSummary(calibration, levels)
      await io.out(
        options.json === true
          ? `${JSON.stringify({ temperature, on, rows: curve.rows, guarantees: summary })}\n`
          : `${textTable([['temperature', `${temperature.toFixed(3)}, on ${on}`]])}\n` +
              `${summary === undefined ? TOO_FEW : guaranteesInWords(summary)}` +
              `saved in ${options.model}\n`,
      )
    })
}

/**
 * Whether two curves seem to be of the same rows: others hardly reach every threshold as often. Some may differ, since the
 * last digits of int8 networks depend on the texts that are computed together.
 */
const areSameRows = (one: ValidationCurve, other: ValidationCurve | undefined): boolean =>
  one.rows === other?.rows &&
  one.automatic.every((count, i) => Math.abs(count - (other.automatic[i] ?? Number.NaN)) <= one.rows / 100)

const SAME_ROWS =
  'warning: these seem to be the rows that fitted the temperature, so the guarantees promise too much; use other rows, or leave out --keep-temperature\n'

const TOO_FEW = 'no guarantees: each half of the rows needs 100 labelled rows; give more rows\n'

const calibrate = async (
  options: Options,
  io: Io,
): Promise<{ readonly calibration: Calibration; readonly levels: readonly string[] }> => {
  const { model, input } = options
  const { loadPredictor, nodeRuntime, readTask } = await import('@kic/predictor/node')
  const task = await readTask(model, { known: knownNotes })
  if (task.needsRuntime) await nodeRuntime()
  await checkCalibrated('kic calibrate', model)
  await calibrateModel(
    'kic calibrate',
    model,
    await labelledInput('kic calibrate', input, options, task, io),
    task,
    options,
    io,
  )
  const predictor = await loadPredictor(model, { known: knownNotes, budget: options.budget })
  try {
    const { calibration, levels } = predictor.info
    if (calibration === undefined) throw new Error('a calibrated model has a calibration')
    return { calibration, levels }
  } finally {
    await predictor.dispose()
  }
}
