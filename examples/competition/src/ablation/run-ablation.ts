import { join } from 'node:path'
import { ancestorLevels, codesOf, finestLevel, labelNumbers, levelNames } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import { checkOutputFile, withOutputLock, writeFileAtomic } from '@kic/core/node'
import { type Engine, type EngineChoice, selectEngine } from '@kic/engine'
import { classificationScores, textNumbers } from '@kic/scores'
import { loadTask, type Task } from '../load-task.ts'
import { checkTask } from '../recipe/check-task.ts'
import type { AblationPreset } from './ablation-preset.ts'
import { type AblationRow, type AblationRows, ROW_GROUPS, type RowGroup } from './ablation-rows.ts'
import { type AblationScores, ablationTable, type SeedScores } from './ablation-table.ts'
import { compareRows, type RightRows } from './compare-rows.ts'
import { type MethodResult, methodsOf } from './methods.ts'
import { prepare, type Setup } from './setup.ts'
import { verdicts } from './verdicts.ts'

export interface AblationOptions {
  readonly preset: AblationPreset
  /** The table. */
  readonly rows: RowGroup
  /** The rows of the table to train; default: all but those on request, and of those that add rows to `data` only if it is given. */
  readonly only?: readonly string[] | undefined
  /** A path or `naics`; without it the project's own dataset. */
  readonly data?: string | undefined
  readonly seeds: readonly number[]
  readonly minutes: number
  readonly output: string
  readonly engine: EngineChoice
  readonly say: (line: string) => void
}

/**
 * Trains every row of a table with every seed that there is time for, on the same rows, and prints the table.
 *
 * @throws KicError `example/option` for rows that the table does not have
 */
export const runAblation = async (options: AblationOptions): Promise<void> => {
  const chosen = chooseRows(options)
  const metrics = join(
    options.output,
    options.rows === 'methods' ? 'ablation.json' : `ablation-${options.rows}.json`,
  )
  await checkOutputFile('runAblation', metrics)
  await withOutputLock('runAblation', metrics, () => trainAll(options, chosen, metrics))
}

/** The table with the wanted rows, in its order. */
export const chooseRows = ({
  preset,
  rows: group,
  only,
  data,
}: Pick<AblationOptions, 'preset' | 'rows' | 'only' | 'data'>): AblationRows => {
  const table = ROW_GROUPS[group](preset)
  const keys = Object.keys(table.rows)
  const unknown = only?.filter((wanted) => !keys.includes(wanted)) ?? []
  if (unknown.length > 0) {
    throw new KicError(
      'example/option',
      `ablation: --only must list rows of the table ${group}, received ${unknown.join(', ')}. It has ${keys.join(', ')}.`,
    )
  }
  const wanted = ([key, row]: readonly [string, AblationRow]): boolean =>
    only?.includes(key) ?? (row.onRequest !== true && (row.mixGenerated === undefined || data !== undefined))
  return { ...table, rows: Object.fromEntries(Object.entries(table.rows).filter(wanted)) }
}

/** All that was measured of a row so far. */
interface Measured {
  readonly seeds: SeedScores[]
  readonly right: RightRows[]
}

const trainAll = async (options: AblationOptions, table: AblationRows, metrics: string): Promise<void> => {
  const { data, seeds, minutes, say } = options
  const { preset, rows } = table
  const started = performance.now()
  const elapsed = (): number => (performance.now() - started) / 60_000
  // The rows are the same for all seeds: they differ in weights, order of rows, masks and dropout alone.
  const task = await loadTask(preset, 1, data)
  for (const note of task.notes) say(note)
  checkTask(task)
  const engine = await selectEngine(options.engine)
  try {
    say(`engine: ${engine.description}`)
    const levels = levelNames(task.classification)
    const level = finestLevel(task.classification)
    say(
      `${task.train.length} rows to train on, ${task.unlabelled.length} texts without labels, ${task.validation.length} rows to ` +
        `validate, ${task.test.length} ${task.testName} to report; ${codesOf(task.classification, level).length} ${level}s`,
    )
    const setups = await prepareAll(engine, task, table, data)
    const measured = new Map<string, Measured>()
    const texts = textNumbers(task.test)
    const scores = (): AblationScores => {
      const reference = measured.get(table.reference)
      return Object.fromEntries(
        Array.from(measured, ([key, { seeds: found, right }]) => {
          const compared = reference && key !== table.reference
          return [
            key,
            { seeds: found, difference: compared ? compareRows(right, reference.right, texts) : undefined },
          ]
        }),
      )
    }
    let done = 0
    for (const [i, seed] of seeds.entries()) {
      const before = elapsed()
      if (i > 0 && before * (1 + 1 / i) > minutes) {
        say(
          `\n${i} of ${seeds.length} seeds took ${before.toFixed(1)} minutes; another would end after the ${minutes} that --minutes allows.`,
        )
        break
      }
      const methods = new Map<Setup, ReturnType<typeof methodsOf>>()
      for (const [key, { name, method }] of Object.entries(rows)) {
        const setup = defined(setups.get(key))
        const ways = methods.get(setup) ?? methodsOf(setup, seed, name)
        methods.set(setup, ways)
        const result = await ways[method]()
        const found = scored(setup, seed, result)
        const row = measured.get(key) ?? { seeds: [], right: [] }
        measured.set(key, row)
        row.seeds.push(found)
        const truth = labelNumbers(task.classification, level, task.test)
        row.right.push({ seed, right: result.labels.map((label, at) => Number(label === truth[at])) })
        const accuracy = found.levels[level]?.accuracy ?? Number.NaN
        const left = ((Object.keys(rows).length * seeds.length) / ++done - 1) * elapsed()
        say(
          `${name}, seed ${seed}: ${level} accuracy ${(100 * accuracy).toFixed(2)} %, ` +
            `${elapsed().toFixed(1)} minutes so far, about ${left.toFixed(0)} left`,
        )
        const content = report(options, table, task, scores(), elapsed())
        await writeFileAtomic(metrics, `${JSON.stringify(content, null, 2)}\n`)
      }
    }
    const counts = new Set(Array.from(measured.values(), ({ seeds: found }) => found.length))
    say(
      `\n${task.testName}, percent, mean ± standard deviation over ${[...counts].join(' to ')} seed${counts.has(1) ? '' : 's'}, ` +
        `differences in points with 95 % intervals; every row is trained for ${preset.epochs} epochs after what comes ` +
        `before it:\n\n${ablationTable(levels, table, scores())}\n`,
    )
    for (const verdict of verdicts(level, table, scores())) say(verdict)
    say(`\n${elapsed().toFixed(1)} minutes; metrics: ${metrics}`)
  } finally {
    engine.dispose()
  }
}

/** A setup for each row; rows with equal settings have the same one. */
const prepareAll = async (
  engine: Engine,
  task: Task,
  { preset, rows }: AblationRows,
  data: string | undefined,
): Promise<ReadonlyMap<string, Setup>> => {
  const bySettings = new Map<string, Setup>()
  const byRow = new Map<string, Setup>()
  for (const [key, { name: _name, method: _method, onRequest: _onRequest, ...settings }] of Object.entries(
    rows,
  )) {
    const { mixGenerated } = settings
    const digest = JSON.stringify(settings)
    const setup =
      bySettings.get(digest) ??
      (await prepare(
        engine,
        mixGenerated === undefined
          ? task
          : withGenerated(await loadTask({ ...preset, mixGenerated }, 1, data)),
        preset,
        settings,
      ))
    bySettings.set(digest, setup)
    byRow.set(key, setup)
  }
  return byRow
}

/** The generated rows among those to train on. */
const withGenerated = (task: Task): Task => ({ ...task, train: [...task.train, ...task.generated] })

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
  { data, minutes }: AblationOptions,
  { preset, reference, rows }: AblationRows,
  task: Task,
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
  minutes: { allowed: minutes, elapsed },
  reference,
  settings: rows,
  scores,
})
