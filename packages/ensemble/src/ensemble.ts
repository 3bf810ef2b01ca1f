import { KicError } from '@kic/core'
import { z } from 'zod'
import type { EnsembleErrorCode } from './error-code.ts'
import { stacksFault, storedStacks } from './stacking/stored-stacks.ts'

const MAX_NAME = 200
const MAX_CLASSES = 100_000
const MAX_LEVELS = 16
const MAX_MEMBERS = 10_000
const MAX_FILES = 100_000
const name = z.string().min(1).max(MAX_NAME)
/** Lists are checked as a whole: one error per entry could be a hundred times as long as the file. */
const labels = z.custom<string[]>(
  (value) =>
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= MAX_CLASSES &&
    value.every((one) => typeof one === 'string' && one.length >= 1 && one.length <= MAX_NAME),
  `labels must be 1 to ${MAX_CLASSES} strings of 1 to ${MAX_NAME} characters`,
)
const parents = z.custom<number[]>(
  (value) =>
    Array.isArray(value) &&
    value.length <= MAX_CLASSES &&
    value.every((one) => typeof one === 'number' && Number.isInteger(one) && one >= 0),
  'parents must be class numbers',
)
/** A path below the folder of the ensemble's file. It cannot lead anywhere else. */
const path = z
  .string()
  .min(1)
  .max(1000)
  .refine(
    (text) => !/^([/\\]|[A-Za-z]:)/.test(text) && !text.split(/[/\\]/).includes('..'),
    'a path must be relative and stay below the folder of the file',
  )

const isPath = (text: unknown): boolean => path.safeParse(text).success
const weight = z.number().nonnegative().max(1e9).default(1)
const temperature = z.number().min(1e-3).max(1e3).default(1)

/** Members that are opened for a budget, with what was measured of them. */
const budget = z.strictObject({
  members: z.array(z.strictObject({ name, weight, temperature })).min(1).max(MAX_MEMBERS),
  /** Share of right answers at the finest level, on the rows of the measurement. */
  accuracy: z.number().min(0).max(1),
  /** Measured on the machine that made the ensemble. */
  rowsPerSecond: z.number().positive(),
})

const schema = z.strictObject({
  format: z.literal('kic-ensemble'),
  version: z.literal(1),
  /**
   * `published`: the three-level scheme of `publishedScheme`. `path`: the most probable path of `decodePath`; levels never
   * contradict each other. `stacked`: the same, with members combined by `stacks`.
   */
  scheme: z.enum(['published', 'path', 'stacked']),
  /** The quantity that soft votes average. */
  space: z.enum(['probability', 'log']).default('probability'),
  /** Of the scheme `stacked`: how members are combined at each level. */
  stacks: storedStacks.optional(),
  /** From the coarsest to the finest. */
  levels: z
    .array(
      z.strictObject({
        name,
        /** Classes in the order of the members' probabilities. */
        labels,
        /** For each class, the number of its parent class; absent at the coarsest level. */
        parents: parents.optional(),
      }),
    )
    .min(1)
    .max(MAX_LEVELS),
  members: z
    .array(
      z.strictObject({
        name,
        /** The level of its predictions. */
        level: name,
        /** The weight of its vote. */
        weight,
        /** Applied before soft votes; see `softVote`. */
        temperature,
        /** Folder of the model, below the folder of the file. */
        model: path.optional(),
        /** File of its stored predictions, below the folder of the file. */
        predictions: path.optional(),
      }),
    )
    .min(1)
    .max(MAX_MEMBERS),
  /** Files that several members have in common: the path of each, and the path of the file with its content. */
  files: z
    .custom<Readonly<Record<string, string>>>(
      (value) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.keys(value).length <= MAX_FILES &&
        Object.entries(value).every(([from, to]) => isPath(from) && isPath(to)),
      `files must be at most ${MAX_FILES} paths below the folder of the file, and paths of their contents there`,
    )
    .optional(),
  /** `best`: most accurate; `fast`: fewer members, nearly as accurate. */
  budgets: z.strictObject({ fast: budget.optional(), best: budget.optional() }).optional(),
})

/** The content of an `ensemble.json`: the members that vote, the levels and the scheme. */
export type Ensemble = z.infer<typeof schema>
/** The same, before defaults are filled in. */
export type EnsembleInput = z.input<typeof schema>

/**
 * Checks an ensemble completely: keys and types, one hierarchy of levels, members of existing levels.
 *
 * @throws KicError `ensemble/file` with the place and the fault
 */
export const parseEnsemble = (json: unknown): Ensemble => {
  checkCounts(json)
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const at = issue?.path.map(String).join('.') || 'the file'
    throw refused(at.slice(0, 300), (issue?.message ?? 'it is not an ensemble').slice(0, 300))
  }
  const ensemble = parsed.data
  checkLevels(ensemble)
  checkMembers(ensemble)
  checkBudgets(ensemble)
  const fault = stacksFault(ensemble)
  if (fault !== undefined) throw refused(fault.at, fault.what)
  return ensemble
}

/** Refuses lists that are too long before their entries are checked, because every entry could be an error. */
const checkCounts = (json: unknown): void => {
  const { levels, members, budgets }: Readonly<Record<string, unknown>> = Object(json)
  const { fast, best }: Readonly<Record<string, unknown>> = Object(budgets)
  for (const [at, list, most] of [
    ['levels', levels, MAX_LEVELS],
    ['members', members, MAX_MEMBERS],
    ['budgets.fast.members', Object(fast).members, MAX_MEMBERS],
    ['budgets.best.members', Object(best).members, MAX_MEMBERS],
  ] as const) {
    if (Array.isArray(list) && list.length > most)
      throw refused(at, `at most ${most} entries are allowed, received ${list.length}`)
  }
}

const checkLevels = ({ levels }: Ensemble): void => {
  unique('levels', levels)
  for (const [i, { labels, parents }] of levels.entries()) {
    const at = `levels.${i}`
    const seen = new Set<string>()
    for (const label of labels) {
      if (seen.has(label)) throw refused(`${at}.labels`, `labels must be distinct, received '${label}' twice`)
      seen.add(label)
    }
    const above = levels[i - 1]
    if (above === undefined) {
      if (parents !== undefined)
        throw refused(`${at}.parents`, 'the coarsest level must have no parents, received some')
      continue
    }
    if (parents?.length !== labels.length) {
      throw refused(
        `${at}.parents`,
        `${labels.length} classes need as many parents, received ${parents?.length ?? 'none'}`,
      )
    }
    const bad = parents.findIndex((parent) => parent >= above.labels.length)
    if (bad >= 0) {
      throw refused(
        `${at}.parents.${bad}`,
        `parents must be among the ${above.labels.length} classes of '${above.name}', received ${parents[bad]}`,
      )
    }
  }
}

const checkMembers = ({ levels, members, scheme }: Ensemble): void => {
  unique('members', members)
  for (const [i, { level }] of members.entries()) {
    if (!levels.some(({ name: known }) => known === level)) {
      const known = levels.map((one) => one.name).join(', ')
      throw refused(`members.${i}.level`, `a level must be one of ${known}, received '${level}'`)
    }
  }
  checkFinest('members', levels, members)
  if (scheme === 'published') {
    if (levels.length !== 3) {
      throw refused('scheme', `'published' needs three levels, received ${levels.length}; use 'path'`)
    }
    const odd = members.findIndex(({ level }) => level === levels[0]?.name)
    if (odd >= 0) {
      throw refused(
        `members.${odd}.level`,
        `'published' takes no members of the coarsest level, received '${members[odd]?.name}'; use 'path'`,
      )
    }
  }
}

const checkFinest = (
  at: string,
  levels: Ensemble['levels'],
  members: readonly { readonly level: string; readonly weight: number }[],
): void => {
  const finest = levels.at(-1)?.name
  if (members.some(({ level, weight }) => level === finest && weight > 0)) return
  throw refused(at, `a member of the finest level, '${finest}', must have a weight above 0, received none`)
}

const checkBudgets = (ensemble: Ensemble): void => {
  for (const [name, budget] of Object.entries(ensemble.budgets ?? {})) {
    if (budget === undefined) continue
    const at = `budgets.${name}.members`
    unique(at, budget.members)
    const stray = budget.members.find(({ name }) => !ensemble.members.some((one) => one.name === name))
    if (stray !== undefined) throw refused(at, `a name must be that of a member, received '${stray.name}'`)
    checkFinest(at, ensemble.levels, membersWithin(ensemble, budget.members))
  }
}

/** The members of a list, each with the weight and temperature of the list. */
const membersWithin = (
  { members }: Ensemble,
  chosen: readonly { readonly name: string; readonly weight: number; readonly temperature: number }[],
): Ensemble['members'] =>
  members.flatMap((member) => {
    const own = chosen.find(({ name }) => name === member.name)
    return own === undefined ? [] : [{ ...member, ...own }]
  })

/** How much an answer may cost: the members of `fast` take less time than those of `best`. */
export type BudgetName = keyof NonNullable<Ensemble['budgets']>

/**
 * The part of an ensemble that votes within a budget.
 *
 * @throws KicError `ensemble/budget` if the ensemble has no such budget
 */
export const ensembleWithin = (ensemble: Ensemble, budget: BudgetName): Ensemble => {
  const members = ensemble.budgets?.[budget]?.members
  if (members !== undefined) return { ...ensemble, members: membersWithin(ensemble, members) }
  const known = Object.keys(ensemble.budgets ?? {}).join(', ') || 'none'
  throw new KicError<EnsembleErrorCode>(
    'ensemble/budget',
    `ensembleWithin: the budget must be one of the ensemble's, ${known}, received ${budget}. ` +
      'Measure budgets with `kic ensemble create --calibrate`.',
  )
}

const unique = (at: string, named: readonly { readonly name: string }[]): void => {
  const seen = new Set<string>()
  for (const [i, { name: one }] of named.entries()) {
    if (seen.has(one)) throw refused(`${at}.${i}.name`, `names must be distinct, received '${one}' twice`)
    seen.add(one)
  }
}

const refused = (at: string, what: string): KicError =>
  new KicError<EnsembleErrorCode>('ensemble/file', `parseEnsemble: ${at}: ${what}. Correct ensemble.json.`)
