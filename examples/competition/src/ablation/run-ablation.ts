import { join } from 'node:path'
import { ancestorLevels, codesOf, labelNumbers, levelNames } from '@kic/classification'
import { checkOutputFile, withOutputLock, writeFileAtomic } from '@kic/core/node'
import { type EngineChoice, selectEngine } from '@kic/engine'
import { classificationScores } from '@kic/scores'
import { loadTask } from '../load-task.ts'
import { checkTask } from '../recipe/check-task.ts'
import type { AblationPreset } from './ablation-preset.ts'
import { type AblationScores, ablationTable, type SeedScores } from './ablation-table.ts'
import { METHOD_NAMES, type MethodKey, type MethodResult, methodsOf } from './methods.ts'
import { prepare, type Setup } from './setup.ts'
import { verdicts } from './verdicts.ts'

export interface AblationOptions {
  readonly preset: AblationPreset
  /** A path or `naics`; without it the project's own dataset. */
  readonly data?: string | undefined
  readonly methods: readonly MethodKey[]
  readonly seeds: readonly number[]
  readonly minutes: number
  readonly output: string
  readonly engine: EngineChoice
  readonly say: (line: string) => void
}

/** Trains every method with every seed that there is time for, on the same rows, and prints one table. */
export const runAblation = async (options: AblationOptions): Promise<void> => {
  const metrics = join(options.output, 'ablation.json')
  await checkOutputFile('runAblation', metrics)
  await withOutputLock('runAblation', metrics, () => trainAll(options, metrics))
}

const trainAll = async (options: AblationOptions, metrics: string): Promise<void> => {
  const { preset, data, methods, seeds, minutes, say } = options
  const started = performance.now()
  const elapsed = (): number => (performance.now() - started) / 60_000
  // The rows are the same for all seeds: they differ in weights, order of rows, masks and dropout alone.
  const task = await loadTask(preset, 1, data)
  for (const note of task.notes) say(note)
  checkTask(task)
  const engine = await selectEngine(options.engine)
  try {
    say(`engine: ${engine.description}`)
    const setup = await prepare(engine, task, preset)
    const levels = levelNames(task.classification)
    say(
      `${task.train.length} rows to train on, ${task.unlabelled.length} texts without labels, ${task.validation.length} rows to ` +
        `validate, ${task.test.length} ${task.testName} to report; ${codesOf(task.classification, setup.level).length} ${setup.level}s; ` +
        `${setup.tokenizer.vocabSize} tokens`,
    )
    const scores: Partial<Record<MethodKey, SeedScores[]>> = {}
    let done = 0
    for (const [i, seed] of seeds.entries()) {
      const [before, runs] = [elapsed(), methodsOf(setup, seed)]
      if (i > 0 && before * (1 + 1 / i) > minutes) {
        say(
          `\n${i} of ${seeds.length} seeds took ${before.toFixed(1)} minutes; another would end after the ${minutes} that --minutes allows.`,
        )
        break
      }
      for (const method of methods) {
        const result = scored(setup, seed, await runs[method]())
        scores[method] = [...(scores[method] ?? []), result]
        const accuracy = result.levels[setup.level]?.accuracy ?? Number.NaN
        const left = ((methods.length * seeds.length) / ++done - 1) * elapsed()
        say(
          `${METHOD_NAMES[method].trim()}, seed ${seed}: ${setup.level} accuracy ${(100 * accuracy).toFixed(2)} %, ` +
            `${elapsed().toFixed(1)} minutes so far, about ${left.toFixed(0)} left`,
        )
        await writeFileAtomic(
          metrics,
          `${JSON.stringify(report(options, setup, scores, elapsed()), null, 2)}\n`,
        )
      }
    }
    const counts = new Set(Object.values(scores).map((of) => of.length))
    say(
      `\n${task.testName}, percent, mean ± standard deviation over ${[...counts].join(' to ')} seed${counts.has(1) ? '' : 's'}; ` +
        `every row is trained for ${preset.epochs} epochs after what stands before it:\n\n${ablationTable(levels, scores)}\n`,
    )
    for (const verdict of verdicts(setup.level, scores)) say(verdict)
    say(`\n${elapsed().toFixed(1)} minutes; metrics: ${metrics}`)
  } finally {
    engine.dispose()
  }
}

const scored = ({ task }: Setup, seed: number, { labels, ...costs }: MethodResult): SeedScores => ({
  seed,
  levels: Object.fromEntries(
    ancestorLevels(task.classification).map(({ name, ofClass }) => {
      const predicted = labels.map((label) => ofClass[label] ?? -1)
      const { accuracy, macroF1 } = classificationScores(
        predicted,
        labelNumbers(task.classification, name, task.test),
      )
      return [name, { accuracy, macroF1 }]
    }),
  ),
  ...costs,
})

const report = (
  { preset, data, minutes }: AblationOptions,
  { task, tokenizer }: Setup,
  scores: AblationScores,
  elapsed: number,
) => ({
  preset,
  data: data ?? 'own dataset',
  rows: {
    train: task.train.length,
    unlabelled: task.unlabelled.length,
    validation: task.validation.length,
    test: task.test.length,
  },
  testSet: task.testName,
  vocabulary: tokenizer.vocabSize,
  minutes: { allowed: minutes, elapsed },
  scores,
})
