import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import type { Task } from '../rows/split-task.ts'
import type { ClassifierConfig } from '../train/classifier-config.ts'
import type { FittedTask } from '../train/fit-from.ts'
import type { ProgressOutput } from '../train/progress-output.ts'
import { saveBaseline } from './baseline.ts'
import { calibrateIfUsable } from './calibrate-classifier.ts'
import type { ClassifierReport } from './classifier-report.ts'
import { evaluateClassifier } from './evaluate-classifier.ts'

/** The file of a report in a model's folder. */
export const REPORT_FILE = 'report.json'

export interface JudgeOptions {
  /** The model's name in the report. */
  readonly name: string
  readonly task: Task
  readonly fitted: FittedTask
  readonly config: Pick<ClassifierConfig, 'calibrate' | 'baseline'>
  /** Training rows per second. */
  readonly rowsPerSecond: number
  /** A description of the rows. */
  readonly describedAs?: string | undefined
  readonly output: ProgressOutput
  readonly signal?: AbortSignal | undefined
}

/** Calibrates a folder's model on the validation rows, evaluates it on them, and writes the report into the folder. */
export const judgeFolder = async (
  folder: string,
  { name, task, fitted, config, rowsPerSecond, describedAs = 'rows', output, signal }: JudgeOptions,
): Promise<ClassifierReport> => {
  const { validation, level } = task
  if (config.calibrate) {
    const progress = output.counting('calibrate')
    const on = `${validation.length} held-out ${describedAs}`
    const done = await calibrateIfUsable(folder, validation, on, progress.update, {
      warn: (doubt) => output.say(`warning: ${doubt}`),
      signal,
    }).finally(progress.end)
    if (!done) {
      output.say(
        `warning: the model is not calibrated, because it can use less than two of ${validation.length} validation rows; ` +
          'calibrate it on other rows with calibrateClassifier (kic calibrate)',
      )
    }
  }
  signal?.throwIfAborted()
  const progress = output.counting('evaluate')
  const started = performance.now()
  // The rows made the guarantees, so what the sets do on them says nothing.
  const { sets: _, ...evaluation } = await evaluateClassifier(folder, validation, progress.update, {
    signal,
  }).finally(progress.end)
  const seconds = (performance.now() - started) / 1000
  const { result, classes, learningRate } = fitted
  const report: ClassifierReport = {
    ...evaluation,
    model: name,
    training: {
      rows: task.train.length,
      classes: classes.length,
      level,
      learningRate,
      steps: result.steps,
      epochs: result.epoch,
      stopped: result.stopped,
      losses: result.epochs,
      curve: result.evaluations,
      rates: { training: rowsPerSecond, prediction: validation.length / seconds },
    },
    baseline: config.baseline
      ? await saveBaseline(folder, { task, describedAs, calibrate: config.calibrate })
      : undefined,
  }
  await writeFileAtomic(join(folder, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`)
  return report
}
