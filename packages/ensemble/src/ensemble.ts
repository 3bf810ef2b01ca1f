import { KicError } from '@kic/core'
import { z } from 'zod'
import type { EnsembleErrorCode } from './error-code.ts'

const MAX_NAME = 200
const MAX_CLASSES = 100_000
const MAX_LEVELS = 16
const MAX_MEMBERS = 10_000
const name = z.string().min(1).max(MAX_NAME)
/** Lists are checked as a whole: a complaint about each entry could be a hundred times as long as the file. */
const labels = z.custom<string[]>(
  (value) =>
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= MAX_CLASSES &&
    value.every((one) => typeof one === 'string' && one.length >= 1 && one.length <= MAX_NAME),
  `labels must be 1 to ${MAX_CLASSES} texts of 1 to ${MAX_NAME} characters`,
)
const parents = z.custom<number[]>(
  (value) =>
    Array.isArray(value) &&
    value.length <= MAX_CLASSES &&
    value.every((one) => typeof one === 'number' && Number.isInteger(one) && one >= 0),
  'parents must be class numbers',
)
/** A path below the folder of the ensemble's file: it cannot lead anywhere else. */
const path = z
  .string()
  .min(1)
  .max(1000)
  .refine(
    (text) => !/^([/\\]|[A-Za-z]:)/.test(text) && !text.split(/[/\\]/).includes('..'),
    'a path must be relative and stay below the folder of the file',
  )

const schema = z.strictObject({
  format: z.literal('kic-ensemble'),
  version: z.literal(1),
  /**
   * `published`: the three-level scheme of `publishedScheme`; `path`: the most probable path of `decodePath`, so that levels
   * never contradict each other.
   */
  scheme: z.enum(['published', 'path']),
  /** What soft votes average. */
  space: z.enum(['probability', 'log']).default('probability'),
  /** From the coarsest to the finest. */
  levels: z
    .array(
      z.strictObject({
        name,
        /** Classes in the order of the members' probabilities. */
        labels,
        /** For each class the number of the class above it; the coarsest level has none. */
        parents: parents.optional(),
      }),
    )
    .min(1)
    .max(MAX_LEVELS),
  members: z
    .array(
      z.strictObject({
        name,
        /** The level that it predicts. */
        level: name,
        /** How much its vote counts. */
        weight: z.number().nonnegative().max(1e9).default(1),
        /** Applied before soft votes; see `softVote`. */
        temperature: z.number().min(1e-3).max(1e3).default(1),
        /** Folder of the model, below the folder of the file. */
        model: path.optional(),
        /** Its stored predictions. */
        predictions: path.optional(),
      }),
    )
    .min(1)
    .max(MAX_MEMBERS),
})

/** Which classifiers vote, how, and on what: the content of an `ensemble.json`. */
export type Ensemble = z.infer<typeof schema>
/** The same, before defaults are filled in. */
export type EnsembleInput = z.input<typeof schema>

/**
 * Checks an ensemble completely: every key known and of its type, levels one hierarchy, members of a level that there is.
 *
 * @throws KicError `ensemble/file` naming the place and what is wrong there
 */
export const parseEnsemble = (json: unknown): Ensemble => {
  checkCounts(json)
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const at = issue?.path.map(String).join('.') || 'the whole'
    throw refused(at.slice(0, 300), (issue?.message ?? 'it is no ensemble').slice(0, 300))
  }
  const ensemble = parsed.data
  checkLevels(ensemble)
  checkMembers(ensemble)
  return ensemble
}

/** Lists that are too long are refused before their entries are looked at, each of which would be a complaint. */
const checkCounts = (json: unknown): void => {
  const { levels, members }: { readonly levels?: unknown; readonly members?: unknown } = Object(json)
  for (const [at, list, most] of [
    ['levels', levels, MAX_LEVELS],
    ['members', members, MAX_MEMBERS],
  ] as const) {
    if (Array.isArray(list) && list.length > most) throw refused(at, `${list.length} are more than ${most}`)
  }
}

const checkLevels = ({ levels }: Ensemble): void => {
  unique('levels', levels)
  for (const [i, { labels, parents }] of levels.entries()) {
    const at = `levels.${i}`
    const seen = new Set<string>()
    for (const label of labels) {
      if (seen.has(label)) throw refused(`${at}.labels`, `'${label}' stands there twice`)
      seen.add(label)
    }
    const above = levels[i - 1]
    if (above === undefined) {
      if (parents !== undefined) throw refused(`${at}.parents`, 'the coarsest level has nothing above it')
      continue
    }
    if (parents?.length !== labels.length) {
      throw refused(
        `${at}.parents`,
        `${labels.length} classes need as many parents, not ${parents?.length ?? 'none'}`,
      )
    }
    const bad = parents.findIndex((parent) => parent >= above.labels.length)
    if (bad >= 0) {
      throw refused(
        `${at}.parents.${bad}`,
        `there is no class ${parents[bad]} among the ${above.labels.length} of '${above.name}'`,
      )
    }
  }
}

const checkMembers = ({ levels, members, scheme }: Ensemble): void => {
  unique('members', members)
  for (const [i, { level }] of members.entries()) {
    if (!levels.some(({ name: known }) => known === level)) {
      const known = levels.map((one) => one.name).join(', ')
      throw refused(`members.${i}.level`, `there is no level '${level}', only ${known}`)
    }
  }
  const finest = levels.at(-1)?.name
  if (!members.some(({ level, weight }) => level === finest && weight > 0)) {
    throw refused('members', `none predicts the finest level, '${finest}', with a weight above 0`)
  }
  if (scheme === 'published') {
    if (levels.length !== 3) {
      throw refused(
        'scheme',
        `'published' votes on three levels, and there are ${levels.length}; take 'path'`,
      )
    }
    const odd = members.findIndex(({ level }) => level === levels[0]?.name)
    if (odd >= 0) {
      throw refused(`members.${odd}.level`, `'published' has no members of the coarsest level; take 'path'`)
    }
  }
}

const unique = (at: string, named: readonly { readonly name: string }[]): void => {
  const seen = new Set<string>()
  for (const [i, { name: one }] of named.entries()) {
    if (seen.has(one)) throw refused(`${at}.${i}.name`, `'${one}' is the name of an earlier one`)
    seen.add(one)
  }
}

const refused = (at: string, what: string): KicError =>
  new KicError<EnsembleErrorCode>('ensemble/file', `parseEnsemble: ${at}: ${what}.`)
