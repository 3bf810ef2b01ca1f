import { z } from 'zod'
import { STAGE_NAME } from './stage.ts'
import { stagesError } from './stages-error.ts'

const FORMAT = 'kic-stage-plan'
/** Raised when a plan of the former version would be misread. */
export const PLAN_VERSION = 1
/** A plan of more stages is refused. */
const MOST_STAGES = 100_000

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
const name = z.string().max(200).regex(STAGE_NAME, "must be a stage's name")
const seconds = z.number().min(0)

const stage = z.strictObject({
  name,
  /** The stage's key. */
  digest,
  /** The stages whose results it reads, by role. */
  needs: z.record(z.string().max(200), z.strictObject({ name, digest })),
  state: z.enum(['done', 'begun', 'missing']),
  /** Whether it runs. A stage that only finished stages need does not. */
  runs: z.boolean(),
  /** Estimated seconds; absent if they are not known. */
  seconds: seconds.optional(),
  /** Approximate memory of the running stage, in bytes. */
  memory: z.number().min(0),
  /** The folder of its result, in the store. */
  folder: z.string().regex(/^[a-z][a-z0-9.-]*-[0-9a-f]{12}$/, "must be the name of a result's folder"),
})

const schema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(PLAN_VERSION),
  /** Each after its needs. */
  stages: z.array(stage).max(MOST_STAGES),
  /** Of the stages that run. */
  total: z.strictObject({
    stages: z.int().min(0),
    /** The sum of the known estimates. */
    seconds,
    /** Number of stages without an estimate. */
    unknown: z.int().min(0),
  }),
})

/** The stages of a run and their states, as JSON for other processes. */
export type PlanDocument = Readonly<z.infer<typeof schema>>
/** A stage of a plan. */
export type PlanEntry = PlanDocument['stages'][number]

/** A plan of these stages. */
export const planDocument = (stages: readonly PlanEntry[]): PlanDocument => {
  const running = stages.filter(({ runs }) => runs)
  return {
    format: FORMAT,
    version: PLAN_VERSION,
    stages: [...stages],
    total: {
      stages: running.length,
      seconds: running.reduce((sum, one) => sum + (one.seconds ?? 0), 0),
      unknown: running.filter((one) => one.seconds === undefined).length,
    },
  }
}

/**
 * Reads a plan. Nothing in the text is trusted: fields, names, digests, and that each stage stands after its needs.
 *
 * @param source the file, for the error
 * @throws KicError `stages/plan` with the path of the first wrong field, such as `stages[3].needs.encoder.digest`
 */
export const parsePlan = (text: string, source: string): PlanDocument => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw planError(source, 'must be JSON, received something else')
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw planError(source, `must be a plan. ${pathOf(issue?.path ?? [])}: ${issue?.message}`)
  }
  const known = new Map<string, string>()
  for (const [i, { name, digest, folder, needs }] of parsed.data.stages.entries()) {
    const at = `stages[${i}]`
    if (known.has(name)) throw planError(source, `must list each stage once. ${at}.name: '${name}' again`)
    const expected = resultName(name, digest)
    if (folder !== expected)
      throw planError(source, `must name each result's folder. ${at}.folder: '${folder}', not '${expected}'`)
    for (const [role, need] of Object.entries(needs)) {
      if (known.get(need.name) !== need.digest)
        throw planError(
          source,
          `must list each stage after its needs. ${at}.needs.${role}: no stage '${need.name}' of this digest before it`,
        )
    }
    known.set(name, digest)
  }
  return parsed.data
}

/** The name of the folder of a stage's result. */
export const resultName = (name: string, digest: string): string =>
  `${name.replace('/', '-')}-${digest.slice(0, 12)}`

const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '') || 'the file'

const planError = (source: string, rule: string) =>
  stagesError('stages/plan', `parsePlan: ${source} ${rule}. Write the plan again.`)
