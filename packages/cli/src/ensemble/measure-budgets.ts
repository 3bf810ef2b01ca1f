import { join } from 'node:path'
import { type Ensemble, fastMembers } from '@kic/ensemble'
import {
  type CalibrateOptions,
  type Calibration,
  calibrate,
  calibrationHalves,
  type LabelledText,
} from '@kic/predictor'
import {
  loadPredictor,
  type PackEnsembleOptions,
  type PackedBudget,
  packEnsemble,
  readTask,
} from '@kic/predictor/node'
import { expectationAt, fitTemperature, type Probabilities, softmaxRows } from '@kic/scores'
import { knownNotes } from '../default-classification.ts'

/** Labelled rows and their description. */
interface Rows {
  readonly rows: readonly LabelledText[]
  readonly name: string
}

type MeasuredBudget = PackedBudget & { readonly calibration: Calibration }

interface MeasuredEnsemble {
  /** The given members, with their temperatures. */
  readonly members: PackEnsembleOptions['members']
  readonly fast: MeasuredBudget
  readonly best: MeasuredBudget
}

interface Watching {
  /** Called with a stage's name and the number of computed rows. */
  readonly progress: (stage: string, computed: number) => void
  /** Receives reasons not to trust the calibration of `best`, in sentences. */
  readonly warn: (doubt: string) => void
  readonly signal: AbortSignal
}

/**
 * Fits temperatures, and chooses and measures budgets, on labelled rows. If they suffice, only half of them choose, and the other
 * half makes the guarantees of each budget. A member without a calibration of its own votes at the
 * temperature that fits these rows; `best` is all members; `fast` is the cheapest subset whose accuracy at the
 * finest level is at most one point lower. A member's cost is its measured time for these rows.
 *
 * @param folder for the ensembles of the measurement
 * @throws the signal's reason
 */
export const measureBudgets = async (
  folder: string,
  given: PackEnsembleOptions,
  labelled: Rows,
  { progress, warn, signal }: Watching,
): Promise<MeasuredEnsemble> => {
  // The others guarantee something about the vote, so they must not choose it.
  const rows = calibrationHalves(labelled.rows, await finestLevel(given)).choosing
  const opinions: Opinion[] = []
  for (const { name, folder } of given.members) {
    opinions.push(await opinionOf(folder, rows, given.precision, signal))
    progress(name, rows.length)
  }
  const members = given.members.map((member, k) => ({ ...member, temperature: opinions[k]?.temperature }))
  const options = { ...given, members }
  const whole = await packEnsemble(join(folder, 'best'), options)
  signal.throwIfAborted()
  const names = fastNames(whole, opinions, rows)
  const few = await packEnsemble(join(folder, 'fast'), {
    ...options,
    members: members.filter(({ name }) => names.includes(name)),
  })
  const measured = async (budget: string, { members }: Ensemble): Promise<MeasuredBudget> => ({
    members,
    ...(await measurement(join(folder, budget), labelled, {
      progress: (computed) => progress(budget, computed),
      // The rows are the same for both.
      warn: budget === 'best' ? warn : undefined,
      signal,
    })),
  })
  return {
    members,
    fast: await measured('fast', few),
    best: await measured('best', whole),
  }
}

/** The level of the vote: that of the member with the most levels. */
const finestLevel = async ({ members, known }: PackEnsembleOptions): Promise<string> => {
  const tasks = await Promise.all(members.map(({ folder }) => readTask(folder, { known })))
  const [finest] = tasks.toSorted((a, b) => b.levels.length - a.levels.length)
  return finest?.levels.at(-1) ?? ''
}

/** Names of the members of `fast`. */
const fastNames = (
  ensemble: Ensemble,
  opinions: readonly Opinion[],
  rows: readonly LabelledText[],
): readonly string[] => {
  const own = ensemble.levels.at(-1)
  const judged = rows.flatMap(({ labels }, row) => {
    const number = own?.labels.indexOf(labels[own.name] ?? '') ?? -1
    return number >= 0 && opinions.every(({ usable }) => usable[row] === true) ? [{ row, number }] : []
  })
  const probabilities = opinions.map(({ logits, classes }, k) => {
    const level = ensemble.levels.find(({ name }) => name === ensemble.members[k]?.level)
    const columns = level?.labels.map((code) => classes.indexOf(code)) ?? []
    return chosenProbabilities(logits, columns, judged)
  })
  const chosen = fastMembers(ensemble, probabilities, {
    truth: judged.map(({ number }) => number),
    costs: opinions.map(({ seconds }) => seconds),
  })
  return chosen.flatMap((k) => ensemble.members[k]?.name ?? [])
}

/** What a member says about the rows, and how long it takes. */
interface Opinion {
  readonly seconds: number
  readonly usable: readonly boolean[]
  readonly logits: Float32Array
  readonly classes: readonly string[]
  /** That of the member's calibration, or the one that fits the rows; `undefined` if no row has a class of the member. */
  readonly temperature: number | undefined
}

const opinionOf = async (
  folder: string,
  rows: readonly LabelledText[],
  precision: PackEnsembleOptions['precision'],
  signal: AbortSignal,
): Promise<Opinion> => {
  const predictor = await loadPredictor(folder, { known: knownNotes, precision })
  try {
    const { calibration, classes, levels } = predictor.info
    const started = performance.now()
    const { logits, usable } = await predictor.scores(
      rows.map(({ text }) => text),
      signal,
    )
    const seconds = (performance.now() - started) / 1000
    const own = levels.at(-1) ?? ''
    const numbers = rows.map(({ labels }, row) =>
      usable[row] === true ? classes.indexOf(labels[own] ?? '') : -1,
    )
    const labelled = numbers.flatMap((number, row) => (number >= 0 ? [row] : []))
    const fitted = (): number | undefined =>
      labelled.length === 0
        ? undefined
        : fitTemperature({
            logits: labelled.flatMap((row) => [
              ...logits.subarray(row * classes.length, (row + 1) * classes.length),
            ]),
            classes: classes.length,
            labels: labelled.map((row) => numbers[row] ?? -1),
          })
    return { seconds, usable, logits, classes, temperature: calibration?.temperature ?? fitted() }
  } finally {
    await predictor.dispose()
  }
}

/** Probabilities of some rows, with columns in the order of the ensemble's classes. */
const chosenProbabilities = (
  logits: Float32Array,
  columns: readonly number[],
  wanted: readonly { readonly row: number }[],
): Probabilities => {
  const classes = columns.length
  const chosen = new Float32Array(wanted.length * classes)
  for (const [i, { row }] of wanted.entries())
    for (const [c, column] of columns.entries())
      chosen[i * classes + c] = logits[row * classes + column] ?? Number.NaN
  return { rows: wanted.length, classes, data: softmaxRows(chosen, classes) }
}

/** Accuracy, speed and calibration of an ensemble on the rows. */
const measurement = async (
  folder: string,
  { rows, name }: Rows,
  { progress, ...options }: CalibrateOptions & { readonly progress: (computed: number) => void },
): Promise<Omit<MeasuredBudget, 'members'>> => {
  const predictor = await loadPredictor(folder, { known: knownNotes })
  try {
    const calibration = await calibrate(predictor, rows, name, progress, options)
    const started = performance.now()
    for await (const _ of predictor.stream(rows, { signal: options.signal }));
    const seconds = (performance.now() - started) / 1000
    const own = predictor.info.levels.at(-1) ?? ''
    return {
      calibration,
      accuracy: expectationAt(calibration.curve, 0).accuracy[own]?.accuracy ?? 0,
      rowsPerSecond: rows.length / seconds,
    }
  } finally {
    await predictor.dispose()
  }
}
