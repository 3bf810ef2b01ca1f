import { join } from 'node:path'
import { levelNames } from '@kic/classification'
import { defined } from '@kic/core'
import { checkOutputFile, withOutputLock, writeFileAtomic } from '@kic/core/node'
import { accuracy, pairedBootstrap, textNumbers } from '@kic/scores'
import type { AblationPreset } from '../ablation/ablation-preset.ts'
import { truthOf } from '../judged-answers.ts'
import { loadTask } from '../load-task.ts'
import { checkTask } from '../recipe/check-task.ts'
import { type Combined, combinations } from './combinations.ts'
import { heldOutPredictions } from './held-out-predictions.ts'
import { stackingMembers } from './stacking-members.ts'
import { stackingTable } from './stacking-table.ts'

export interface StackingOptions {
  readonly preset: AblationPreset
  /** A path or `naics`; without it the project's own dataset. */
  readonly data?: string | undefined
  readonly seed: number
  readonly output: string
  readonly say: (line: string) => void
}

/** What others are compared with. */
const BASE = 'greedy weights'

/** Combines n-gram members in every way, from five-fold held-out predictions, and prints one table. */
export const runStacking = async (options: StackingOptions): Promise<void> => {
  const results = join(options.output, 'stacking.json')
  await checkOutputFile('runStacking', results)
  await withOutputLock('runStacking', results, () => combineAll(options, results))
}

const combineAll = async (
  { preset, data, seed, output, say }: StackingOptions,
  results: string,
): Promise<void> => {
  const started = performance.now()
  const task = await loadTask(preset, seed, data)
  for (const note of task.notes) say(note)
  checkTask(task)
  const { classification, test } = task
  const train = [...task.train, ...task.validation]
  say(`${train.length} rows to train on in five folds, ${test.length} ${task.testName} to report`)
  const folder = join(output, 'stacking-predictions')
  const members = []
  for (const recipe of stackingMembers(classification))
    members.push(await heldOutPredictions({ classification, train, test, seed, folder, say }, recipe))
  const tested = truthOf(classification, test)
  const found: Combined[] = []
  for await (const combined of combinations({
    classification,
    members,
    truth: truthOf(classification, train),
    tested,
    groups: textNumbers(train),
    seed,
    say,
  }))
    found.push(combined)
  const levels = levelNames(classification)
  const right = (classes: Combined['classes'], level: string): number[] =>
    Array.from(defined(tested[level]), (label, row) => Number(classes[level]?.[row] === label))
  const base = found.find(({ name }) => name === BASE)
  const groups = textNumbers(test)
  const rows = found.map(({ name, classes, losses, seconds }) => {
    const other = base?.name === name ? undefined : base
    const above = (own: ArrayLike<number>, others: ArrayLike<number> | undefined) =>
      others && pairedBootstrap(own, others, { groups, seed })
    return {
      name,
      levels: levels.map((level) => ({
        accuracy: accuracy(defined(classes[level]), defined(tested[level])),
        difference: above(right(classes, level), other && right(other.classes, level)),
      })),
      logLoss: losses && {
        mean: losses.reduce((a, b) => a + b, 0) / losses.length,
        difference: above(losses, other?.losses),
      },
      seconds,
    }
  })
  say(`\n${task.testName}, percent; differences from ${BASE} in points and nats, with 95 % intervals:\n`)
  say(stackingTable(levels, rows))
  await writeFileAtomic(results, `${JSON.stringify({ data: data ?? 'own dataset', seed, rows }, null, 2)}\n`)
  say(`\n${((performance.now() - started) / 60_000).toFixed(1)} minutes; metrics: ${results}`)
}
