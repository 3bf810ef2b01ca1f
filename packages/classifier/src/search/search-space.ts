import { createRandom, type Random } from '@kic/core'
import { parseConfig } from '@kic/trainer'
import { z } from 'zod'
import type { ClassifierConfig, ClassifierConfigInput } from '../train/classifier-config.ts'

const range = z
  .strictObject({
    min: z.number(),
    max: z.number(),
    /** `log` draws the exponent evenly: 1e-4 to 1e-3 as often as 1e-3 to 1e-2. */
    scale: z.enum(['linear', 'log']).default('linear'),
    integer: z.boolean().default(false),
  })
  .refine(({ min, max }) => min < max, { error: 'min must be below max' })
  .refine(({ min, scale }) => scale === 'linear' || min > 0, { error: 'min must be above 0 on a log scale' })

/** A list of choices or a range for each config key; nested keys are joined by dots. */
export const searchSpace = z.record(
  z.string().min(1),
  z.union([z.array(z.union([z.string(), z.number(), z.boolean()])).min(1), range]),
)

export type SearchSpace = z.output<typeof searchSpace>
/** Values by key, such as `{ learningRate: 1e-3, 'encoder.hidden': 160 }`. */
export type DrawnValues = Readonly<Record<string, string | number | boolean>>

/** @throws KicError `trainer/config` */
export const parseSpace = (given: unknown): SearchSpace => parseConfig(searchSpace, given, 'the search space')

/** Values that follow from the seed and the draw's index alone. */
export const drawValues = (space: SearchSpace, seed: number, draw: number): DrawnValues =>
  Object.fromEntries(
    Object.entries(space).map(([key, of]) => [key, drawn(of, createRandom(seed, 'search', draw, key))]),
  )

/** Draws per trial before a small space counts as exhausted. */
const DRAWS = 50

/** Distinct values for each trial; fewer trials if the space is small. */
export const drawTrials = (space: SearchSpace, seed: number, trials: number): readonly DrawnValues[] => {
  const found = new Map<string, DrawnValues>()
  for (let draw = 0; draw < DRAWS * trials && found.size < trials; draw++) {
    const values = drawValues(space, seed, draw)
    const key = JSON.stringify(values)
    if (!found.has(key)) found.set(key, values)
  }
  return [...found.values()]
}

const drawn = (of: SearchSpace[string], random: Random): string | number | boolean => {
  if (Array.isArray(of)) return random.pick(of)
  const { min, max, scale, integer } = of
  const value =
    scale === 'log'
      ? Math.exp(Math.log(min) + random.next() * (Math.log(max) - Math.log(min)))
      : min + random.next() * (max - min)
  return integer ? Math.round(value) : Number(value.toPrecision(3))
}

/** A config with drawn values. */
export const withValues = (
  config: ClassifierConfigInput,
  values: DrawnValues,
): Readonly<Record<string, unknown>> => {
  const result: Record<string, unknown> = structuredClone({ ...config })
  for (const [key, value] of Object.entries(values)) {
    const path = key.split('.')
    const last = path.pop() ?? ''
    let at = result
    for (const part of path) {
      const inner: Record<string, unknown> = { ...Object(at[part]) }
      at[part] = inner
      at = inner
    }
    at[last] = value
  }
  return result
}

/** Hidden sizes by reading; a table of n-grams has as many columns. */
const HIDDEN = { words: [96, 160, 256], characters: [64, 128, 192] }

/** A space that suits a config: rate, batch size unless it has a token budget, and from scratch the encoder's sizes. */
export const defaultSpace = (
  rate: number,
  {
    from,
    tokenBudget,
    encoder: { heads, reading },
  }: Pick<ClassifierConfig, 'from' | 'tokenBudget' | 'encoder'>,
): SearchSpace => ({
  learningRate: { min: rate / 5, max: rate * 5, scale: 'log', integer: false },
  ...(tokenBudget === undefined && { batchSize: [16, 32, 64] }),
  ...(from === undefined && {
    // Each head has the same whole size.
    'encoder.hidden': HIDDEN[reading].map((hidden) => heads * Math.ceil(hidden / heads)),
    'encoder.layers': [1, 2, 3],
  }),
})
