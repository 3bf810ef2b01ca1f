import { basename, join } from 'node:path'
import { ksic10 } from '@kic/classification/ksic'
import { createRandom, defined, isKicError } from '@kic/core'
import { answerToRow, generateRows } from '@kic/korean-answers'
import { evaluationRows } from '@kic/korean-answers/evaluation'
import { modelFolder } from '@kic/model-mini'
import { codeSets, type LabelledText, type PredictorInfo, reviewThreshold } from '@kic/predictor'
import { loadPredictor } from '@kic/predictor/node'
import { thresholdFor } from '@kic/scores'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine } from '../bench-line.ts'
import { type JudgedModel, judged, judgedNgrams } from '../judged-model.ts'
import { frequentCodes, half, SetCounts, type Trial, trial } from '../promise-trials.ts'

const TRAINED = 20_000
const HELD = 4000
const COVERAGES = [0.8, 0.9, 0.95]
const WORST_AT = 0.9
const HALVES = 20
/** How far the mean coverage may be from the one asked for. */
const TOLERANCE = 0.01
/** Rows of a class over all halves from which on its coverage is told. */
const TOLD = 1000
const ACCURACIES = [0.9, 0.95]
/** Random halves that thresholds are tried on, and draws of calibration rows: enough of these to tell 4 % from 6 %. */
const SPLITS = 100
const DRAWS = 500
/** The share of draws that may break a promise of 95 % confidence, with room for chance. */
const MOST_BROKEN = 0.06

/**
 * Whether guarantees hold on rows that no model was trained on: coverage of sets over random halves of them, of which one
 * calibrates as `kic calibrate` does and the other judges; and guaranteed accuracies over draws of calibration rows.
 *
 * @param data folder with `train.tsv` and `dev.tsv`, labelled texts
 */
export async function* promisesBench(
  wanted: BenchFilter,
  { data }: { readonly data?: string | undefined } = {},
): AsyncGenerator<BenchLine> {
  for (const [name, kind, model] of modelsOf(data)) {
    if (!wanted(name, kind)) continue
    yield* linesOf(name, kind, await model())
  }
}

/** The halves and draws of a model are calibrated once for all its lines. */
async function* linesOf(name: string, kind: string, model: JudgedModel): AsyncGenerator<BenchLine> {
  const started = performance.now()
  const line = (config: string, found: string, passes: boolean): BenchLine => ({
    ...benchLine('promises', `${name}: ${config}`, kind, performance.now() - started),
    check: { found, passes },
  })
  const { levels } = model.predictor.info
  const covered = COVERAGES.map((coverage) => new Covered(coverage, levels))
  const worst = new WorstClass(WORST_AT, levels)
  const [halved, drawn] = [0, 1].map(() => ACCURACIES.map((accuracy) => new Promised(accuracy)))
  for (let seed = 0; seed < SPLITS; seed++) {
    const found = await half(model, seed)
    for (const promised of defined(halved)) promised.add(found)
    if (seed >= HALVES) continue
    for (const one of covered) one.add(found)
    worst.add(found)
  }
  for (const one of covered) yield line(`coverage ${one.coverage}`, one.described(), one.passes())
  yield line(`worst class at ${WORST_AT}`, worst.described(), worst.passes())
  for (let seed = 0; seed < DRAWS; seed++) {
    const random = createRandom('draws', seed)
    const rows = Array.from({ length: Math.floor(model.rows.length / 2) }, () => random.pick(model.rows))
    const found = await trial(model, rows, model.rows)
    for (const promised of defined(drawn)) promised.add(found)
  }
  for (const [i, accuracy] of ACCURACIES.entries()) {
    const [others, population] = [defined(halved?.[i]), defined(drawn?.[i])]
    yield line(
      `accuracy ${accuracy}`,
      `broken on the other half ${others}; on the population that rows are drawn from ${population}`,
      population.broken <= MOST_BROKEN * DRAWS,
    )
  }
}

type Named = readonly [name: string, kind: string, model: () => Promise<JudgedModel>]

const modelsOf = (data: string | undefined): readonly Named[] => {
  const ngrams = ['naive-bayes', 'nb-svc'] as const
  const given: readonly Named[] =
    data === undefined
      ? []
      : ngrams.map((kind) => [
          `dev.tsv of ${basename(data)}`,
          kind,
          async () =>
            judgedNgrams(
              kind,
              await fileRows(join(data, 'train.tsv')),
              await fileRows(join(data, 'dev.tsv')),
            ),
        ])
  return [
    ...given,
    ...ngrams.map(
      (kind): Named => [
        `${HELD} generated rows`,
        kind,
        async () => judgedNgrams(kind, generated(TRAINED, 1), generated(HELD, 2)),
      ],
    ),
    ...ngrams.map(
      (kind): Named => [
        `${evaluationRows.length} hand-written rows`,
        kind,
        async () => judgedNgrams(kind, generated(TRAINED, 1), handWritten()),
      ],
    ),
    [
      `${evaluationRows.length} hand-written rows`,
      'model-mini',
      async () => judged(await loadPredictor(modelFolder), handWritten()),
    ],
  ]
}

const fileRows = async (path: string): Promise<readonly LabelledText[]> => {
  const { loadRows } = await import('@kic/data/node')
  const { rows } = await loadRows(path, { classification: ksic10 })
  return rows.flatMap(({ text, labels }) => (labels === undefined ? [] : [{ text, labels }]))
}

const labelled = (answers: Iterable<(typeof evaluationRows)[number]>): readonly LabelledText[] =>
  Array.from(answers, (answer, i) => answerToRow(answer, i)).flatMap(({ text, labels }) =>
    labels === undefined ? [] : [{ text, labels }],
  )
const generated = (rows: number, seed: number) => labelled(generateRows({ rows, seed }))
const handWritten = () => labelled(evaluationRows)

/** The share of covered rows, the mean size of their sets, and the accuracy of answers. */
class Covered {
  readonly coverage: number
  readonly #levels: readonly string[]
  readonly #exact = new SetCounts()
  readonly #usual = new SetCounts()
  readonly #answers = new SetCounts()

  constructor(coverage: number, levels: readonly string[]) {
    this.coverage = coverage
    this.#levels = levels
  }

  add({ info, rows }: Trial): void {
    const setsOf = codeSets(info)
    const { coverage } = this
    for (const { labels, probabilities, answer } of rows) {
      const exact = setsOf(probabilities, answer, { coverage, exactCoverage: true })
      const usual = setsOf(probabilities, answer, { coverage })
      for (const level of this.#levels) {
        this.#exact.add(level, exact[level], labels[level])
        this.#usual.add(level, usual[level], labels[level])
        this.#answers.add(level, [defined(answer[level])], labels[level])
      }
    }
  }

  passes(): boolean {
    return this.#levels.every(
      (level) =>
        Math.abs(this.#exact.of(level).covered - this.coverage) <= TOLERANCE &&
        this.#usual.of(level).covered >= this.coverage - TOLERANCE,
    )
  }

  described(): string {
    const figures = this.#levels.map((level) => {
      const [exact, usual] = [this.#exact, this.#usual].map((counts) => {
        const { covered, size } = counts.of(level)
        return `${percent(covered)} · ${size.toFixed(2)}`
      })
      return `${level} ${exact} | ${usual} (${percent(this.#answers.of(level).covered)})`
    })
    return `covered · codes in a set, exact | with the answer (accuracy): ${figures.join('; ')}`
  }
}

/** The class that is covered least, of those with thresholds of their own. */
class WorstClass {
  readonly #coverage: number
  readonly #levels: readonly string[]
  readonly #marginal = new SetCounts()
  readonly #conditional = new SetCounts()

  constructor(coverage: number, levels: readonly string[]) {
    this.#coverage = coverage
    this.#levels = levels
  }

  add({ info, rows, calibration }: Trial): void {
    const setsOf = codeSets(info)
    const frequent = frequentCodes(calibration, this.#levels)
    const options = { coverage: this.#coverage, exactCoverage: true }
    for (const { labels, probabilities, answer } of rows) {
      const marginal = setsOf(probabilities, answer, options)
      const conditional = setsOf(probabilities, answer, { ...options, classConditional: true })
      for (const level of this.#levels) {
        const key = `${level} ${labels[level]}`
        if (!frequent.has(key)) continue
        this.#marginal.add(key, marginal[level], labels[level])
        this.#conditional.add(key, conditional[level], labels[level])
      }
    }
  }

  #found() {
    return this.#levels.flatMap((level) => {
      const keys = this.#conditional
        .keys()
        .filter((key) => key.startsWith(`${level} `) && this.#conditional.of(key).rows >= TOLD)
      if (keys.length === 0) return []
      const worst = (counts: SetCounts): number => Math.min(...keys.map((key) => counts.of(key).covered))
      const [conditional, marginal] = [worst(this.#conditional), worst(this.#marginal)]
      return [{ level, classes: keys.length, conditional, marginal }]
    })
  }

  passes(): boolean {
    return this.#found().every(({ conditional }) => conditional >= this.#coverage - 3 * TOLERANCE)
  }

  described(): string {
    const found = this.#found().map(
      ({ level, classes, conditional, marginal }) =>
        `${level} ${percent(conditional)} class-conditional, ${percent(marginal)} without (${classes} classes)`,
    )
    return found.length === 0 ? 'no class has rows enough for a coverage of its own' : found.join('; ')
  }
}

/** Counts broken promises. */
class Promised {
  readonly #accuracy: number
  #draws = 0
  #given = 0
  #automatic = 0
  #estimates = 0
  broken = 0

  constructor(accuracy: number) {
    this.#accuracy = accuracy
  }

  add({ info, rows }: Trial): void {
    const level = defined(info.levels.at(-1))
    this.#draws += 1
    const judge = (threshold: number) => {
      const automatic = rows.filter(({ answer }) => defined(answer[level]).confidence >= threshold)
      const right = automatic.filter(({ answer, labels }) => answer[level]?.code === labels[level]).length
      return { share: automatic.length / rows.length, broken: right < this.#accuracy * automatic.length }
    }
    const estimate = thresholdFor(defined(info.calibration).curve, level, this.#accuracy)
    if (estimate !== undefined && judge(estimate).broken) this.#estimates += 1
    const threshold = guaranteed(info, this.#accuracy)
    if (threshold === undefined) return
    const { share, broken } = judge(threshold)
    this.#given += 1
    this.#automatic += share
    if (broken) this.broken += 1
  }

  toString(): string {
    const automatic = this.#given === 0 ? '–' : percent(this.#automatic / this.#given)
    return (
      `${this.broken} of ${this.#draws} (${this.#given} have a threshold, ${automatic} automatic; ` +
      `the estimate: ${this.#estimates})`
    )
  }
}

const guaranteed = (info: PredictorInfo, targetAccuracy: number): number | undefined => {
  try {
    return reviewThreshold(info, { targetAccuracy })
  } catch (error) {
    if (isKicError(error) && error.code === 'predictor/no-threshold') return undefined
    throw error
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
