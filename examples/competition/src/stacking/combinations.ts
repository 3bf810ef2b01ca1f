import {
  ancestorLevels,
  type Classification,
  finestLevel,
  levelNames,
  numberedLevels,
} from '@kic/classification'
import { defined } from '@kic/core'
import {
  type Candidate,
  chooseEnsemble,
  type EnsembleInput,
  parseEnsemble,
  selectEnsemble,
  stackEnsemble,
  vote,
} from '@kic/ensemble'
import { accuracy, argMaxRows, fitTemperatures, inMemory, logProbability } from '@kic/scores'
import type { HeldOutPredictions } from './held-out-predictions.ts'

/** What a combination says of the test rows. */
export interface Combined {
  readonly name: string
  /** Class numbers by level. */
  readonly classes: Readonly<Record<string, Int32Array>>
  /** −log p of the row's class at the finest level; none of a member alone, which is not calibrated. */
  readonly losses: Float64Array | undefined
  readonly seconds: number
}

type Truth = Readonly<Record<string, Int32Array>>

export interface CombinationInput {
  readonly classification: Classification
  readonly members: readonly HeldOutPredictions[]
  /** Class numbers of the training rows, by level, and of the test rows. */
  readonly truth: Truth
  readonly tested: Truth
  /** The text of each training row, as a number. */
  readonly groups: Int32Array
  readonly seed: number
  readonly say: (line: string) => void
}

/** Each combination, fitted to the held-out predictions of the training rows, on the test rows. */
export async function* combinations(input: CombinationInput): AsyncGenerator<Combined> {
  const { classification, members, truth, groups, seed, say } = input
  const candidates = members.map(
    ({ name, level, train }): Candidate => ({ name, level, probabilities: train }),
  )
  yield bestMembers(input)
  const equally = await equalEnsemble(classification, candidates, truth)
  const options = { groups, seed }
  const fits: readonly (readonly [string, () => Promise<EnsembleInput>])[] = [
    ['published scheme', async () => ({ ...equally, scheme: 'published' })],
    ['equal weights, path', async () => equally],
    ['equal weights of logarithms, path', async () => ({ ...equally, space: 'log' })],
    ['greedy weights', () => selectEnsemble(classification, candidates, truth, options)],
    ['stack', () => stackEnsemble(classification, candidates, truth, options)],
    [
      'stack, weights of either sign',
      () => stackEnsemble(classification, candidates, truth, { ...options, nonNegative: false }),
    ],
  ]
  for (const [name, fit] of fits) {
    const started = performance.now()
    const ensemble = await fit()
    const seconds = (performance.now() - started) / 1000
    for (const { level, weights, bias, deviations } of ensemble.stacks ?? [])
      say(
        `${name}, ${level}: weights ${weights.map((weight) => weight.toFixed(3)).join(', ')}` +
          `${bias ? ', biases' : ''}${deviations ? ', deviations' : ''}`,
      )
    say(`${name}: fitted in ${seconds.toFixed(0)} s`)
    yield { name, seconds, ...votesOf(ensemble, input) }
  }
  const { chosen, judged, difference, rows } = await chooseEnsemble(
    classification,
    candidates,
    truth,
    options,
  )
  const percent = (share: number): string => (100 * share).toFixed(2)
  say(
    `chooseEnsemble takes ${chosen}: on ${rows} rows the stack has ${percent(judged.stacked.accuracy)} % (log-loss ` +
      `${judged.stacked.logLoss.toFixed(4)}), the selection ${percent(judged.selected.accuracy)} % ` +
      `(${judged.selected.logLoss.toFixed(4)}), a difference of ${percent(difference.low)} to ${percent(difference.high)} points`,
  )
}

/** At each level, the member with the highest accuracy on the training rows, at its own level or by its classes' ancestors. */
const bestMembers = ({ classification, members, truth, say }: CombinationInput): Combined => {
  const answers = members.map(({ name, level, train, test }) => {
    const [seen, tested] = [train, test].map(({ data, classes }) => argMaxRows(data, classes))
    const above = ancestorLevels(classification, { level })
    return { name, seen: defined(seen), tested: defined(tested), above }
  })
  const classes = levelNames(classification).map((level) => {
    const [best] = answers
      .flatMap(({ name, seen, tested, above }) => {
        const ofClass = above.find((one) => one.name === level)?.ofClass
        if (ofClass === undefined) return []
        const at = (found: Int32Array): Int32Array => found.map((c) => defined(ofClass[c]))
        return [{ name, right: accuracy(at(seen), defined(truth[level])), tested: at(tested) }]
      })
      .toSorted((a, b) => b.right - a.right)
    const { name, tested } = defined(best)
    say(`best member, ${level}: ${name}`)
    return [level, tested] as const
  })
  return {
    name: 'best member of each level',
    classes: Object.fromEntries(classes),
    losses: undefined,
    seconds: 0,
  }
}

/** All members with one weight, each with its temperature. */
const equalEnsemble = async (
  classification: Classification,
  candidates: readonly Candidate[],
  truth: Truth,
): Promise<EnsembleInput> => ({
  format: 'kic-ensemble',
  version: 1,
  scheme: 'path',
  levels: numberedLevels(classification),
  members: await Promise.all(
    candidates.map(async ({ name, level, probabilities }) => {
      const [fitted] = await fitTemperatures(inMemory([probabilities]), truth[level] ?? new Int32Array(0))
      return { name, level, temperature: fitted?.temperature }
    }),
  ),
})

const votesOf = (ensemble: EnsembleInput, { members, tested, classification }: CombinationInput) => {
  const given = ensemble.members.flatMap(
    ({ name }) => members.find((member) => member.name === name)?.test ?? [],
  )
  const { levels, finest } = vote(parseEnsemble(ensemble), given)
  const labels = tested[finestLevel(classification)] ?? new Int32Array(0)
  return {
    classes: Object.fromEntries(Object.entries(levels).map(([level, { classes }]) => [level, classes])),
    losses: Float64Array.from(
      labels,
      (label, row) => -logProbability(defined(finest.data[row * finest.classes + label])),
    ),
  }
}
