import { defined } from '@kic/core'
import { type AblationScores, spread } from './ablation-table.ts'
import { METHOD_NAMES, type MethodKey } from './methods.ts'

const points = (share: number): string => `${share < 0 ? '-' : '+'}${(100 * Math.abs(share)).toFixed(2)}`

/** Sentences that compare each method with the plain model of the same seed, and report the perplexity of pretraining. */
export const verdicts = (level: string, scores: AblationScores): readonly string[] => {
  const plain = scores.plain ?? []
  const of = (key: MethodKey): readonly number[] =>
    (scores[key] ?? []).flatMap(({ seed, levels }) => {
      const own = levels[level]?.accuracy
      const base = plain.find((run) => run.seed === seed)?.levels[level]?.accuracy
      return own === undefined || base === undefined ? [] : [own - base]
    })
  const differences = Object.keys(METHOD_NAMES).flatMap((name) => {
    const key = name as MethodKey
    const gains = of(key)
    if (key === 'plain' || gains.length === 0) return []
    return [
      `${METHOD_NAMES[key].trim()}: ${points(spread(gains).mean)} points of ${level} accuracy over plain ` +
        `(seed by seed: ${gains.map(points).join(', ')})`,
    ]
  })
  return [...differences, ...(scores.tapt ?? []).flatMap(perplexityVerdict)]
}

const perplexityVerdict = ({
  seed,
  perplexities = [],
}: NonNullable<AblationScores['tapt']>[number]): string[] => {
  if (perplexities.length < 2) return []
  const values = perplexities.map(({ perplexity }) => perplexity)
  const rise = values.findIndex((value, i) => i > 0 && value >= defined(values[i - 1]))
  const falls =
    rise === -1 ? 'it fell in every epoch' : `it did NOT fall in epoch ${perplexities[rise]?.epoch ?? rise}`
  return [
    `TAPT, seed ${seed}: held-out perplexity ${values.map((value) => value.toFixed(1)).join(' → ')}; ${falls}`,
  ]
}
