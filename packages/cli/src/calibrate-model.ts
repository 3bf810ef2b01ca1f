import { join } from 'node:path'
import { progressLine } from '@kic/core'
import { checkOutputFile } from '@kic/core/node'
import type { BudgetName } from '@kic/ensemble'
import type { PredictorTask } from '@kic/predictor/node'
import { knownNotes } from './default-classification.ts'
import { errStream } from './err-stream.ts'
import type { Io } from './io.ts'
import type { LabelledInput } from './labelled-input.ts'
import { checkSeen } from './seen-rows.ts'

/** Fails before any row is read if the calibration could not be written into the folder. */
export const checkCalibrated = (command: string, folder: string): Promise<void> =>
  checkOutputFile(command, join(folder, 'kic.json'))

export interface CalibrateOptions {
  readonly budget?: BudgetName
  readonly keepTemperature?: boolean
  readonly allowSeen?: boolean
}

/**
 * Calibrates the model or ensemble of a folder on labelled rows, with a warning if some were in its training, or if they are too
 * few. An interrupt leaves the folder as it is.
 *
 * @param command its name, for messages
 * @throws KicError as `checkSeen` and `calibrateClassifier`; the reason of an interrupt
 */
export const calibrateModel = async (
  command: string,
  folder: string,
  { rows, name }: LabelledInput,
  { levels }: Pick<PredictorTask, 'levels'>,
  { budget, keepTemperature, allowSeen }: CalibrateOptions,
  io: Io,
): Promise<void> => {
  await checkSeen(command, [folder], rows, { allowSeen }, io)
  const { calibrateClassifier } = await import('@kic/classifier')
  const own = levels.at(-1) ?? ''
  const finest = rows.filter(({ labels }) => labels[own] !== undefined).length
  const coarser = finest === rows.length ? '' : `, ${finest} of them with a label at the level ${own}`
  const line = progressLine(errStream(io), 'calibrate')
  await calibrateClassifier(folder, rows, name + coarser, line.update, {
    known: knownNotes,
    budget,
    keepTemperature,
    warn: (doubt) => {
      line.end()
      io.err(`warning: ${doubt}\n`)
    },
    signal: io.signal,
  }).finally(line.end)
}
