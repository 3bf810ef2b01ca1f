import { defined } from '@kic/core'
import type { NamedRows } from './ablation-rows.ts'
import { type AblationScores, type SeedScores, spread } from './ablation-table.ts'

const points = (share: number): string => `${share < 0 ? '-' : '+'}${(100 * Math.abs(share)).toFixed(2)}`

/** Sentences that compare each row with the reference of the same seed, and report the perplexity of pretraining. */
export const verdicts = (
  level: string,
  { reference, rows }: NamedRows,
  scores: AblationScores,
): readonly string[] => {
  const base = scores[reference]?.seeds ?? []
  const gainsOf = (seeds: readonly SeedScores[]): readonly number[] =>
    seeds.flatMap(({ seed, levels }) => {
      const own = levels[level]?.accuracy
      const other = base.find((run) => run.seed === seed)?.levels[level]?.accuracy
      return own === undefined || other === undefined ? [] : [own - other]
    })
  return Object.entries(rows).flatMap(([key, { name }]) => {
    const { seeds = [] } = scores[key] ?? {}
    const gains = key === reference ? [] : gainsOf(seeds)
    const compared =
      `${name}: ${points(spread(gains).mean)} points of ${level} accuracy over ${reference} ` +
      `(seed by seed: ${gains.map(points).join(', ')})`
    return [...(gains.length === 0 ? [] : [compared]), ...seeds.flatMap((of) => perplexityVerdict(name, of))]
  })
}

const perplexityVerdict = (name: string, { seed, perplexities = [] }: SeedScores): string[] => {
  if (perplexities.length < 2) return []
  const values = perplexities.map(({ perplexity }) => perplexity)
  const rise = values.findIndex((value, i) => i > 0 && value >= defined(values[i - 1]))
  const falls =
    rise === -1 ? 'it fell in every epoch' : `it did NOT fall in epoch ${perplexities[rise]?.epoch ?? rise}`
  return [
    `${name}, seed ${seed}: held-out perplexity ${values.map((value) => value.toFixed(1)).join(' → ')}; ${falls}`,
  ]
}
