import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, cpus, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { HostTensors } from '@kic/safetensors'
import { z } from 'zod'
import type { TrainerErrorCode } from '../error-code.ts'
import { parseConfig } from './training-config.ts'

const dataFingerprintSchema = z.strictObject({ rows: z.int(), sha256: z.string() })
const machineSchema = z.strictObject({
  platform: z.string(),
  cpu: z.string(),
  cores: z.int(),
  memoryGiB: z.number(),
  node: z.string(),
  engine: z.string(),
})
const resultSchema = z.strictObject({
  /** `tensorsDigest` of the final parameters. */
  parameters: z.string(),
  steps: z.int(),
  metrics: z.record(z.string(), z.number().nullable()),
})
const recordSchema = z.strictObject({
  version: z.literal(1),
  written: z.string(),
  config: z.unknown(),
  data: dataFingerprintSchema,
  packages: z.record(z.string(), z.string()),
  machine: machineSchema,
  result: resultSchema.exactOptional(),
})

export type DataFingerprint = z.output<typeof dataFingerprintSchema>
export type Machine = z.output<typeof machineSchema>
export type RunResult = z.output<typeof resultSchema>

/** A repeatable run: its whole config, and its environment. */
export interface RunRecord<C = unknown> {
  readonly version: 1
  /** The time, in ISO 8601. */
  readonly written: string
  readonly config: C
  readonly data: DataFingerprint
  readonly packages: Readonly<Record<string, string>>
  readonly machine: Machine
  /** The result, once the run has ended. */
  readonly result?: RunResult | undefined
}

/** The data of a run as one line per row, in order, with everything that matters about the row. */
export const dataFingerprint = (rows: Iterable<string>): DataFingerprint => {
  const hash = createHash('sha256')
  let count = 0
  for (const row of rows) {
    const bytes = Buffer.from(row)
    // Each row is preceded by its length, so that different lists of rows never give the same bytes.
    hash.update(`${bytes.length}:`).update(bytes)
    count++
  }
  return { rows: count, sha256: hash.digest('hex') }
}

/** SHA-256 over names, shapes and bits of tensors: equal for bit-identical parameters in any order. */
export const tensorsDigest = (tensors: HostTensors): string => {
  const hash = createHash('sha256')
  for (const [name, { dtype, shape, data }] of Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${JSON.stringify([name, dtype, shape])}\n`)
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  return hash.digest('hex')
}

/**
 * Versions of packages, as the program at `from` would import them. Packages that are not installed are left out.
 *
 * @param from a folder; default: the working directory
 */
export const packageVersions = async (
  names: readonly string[],
  from = process.cwd(),
): Promise<Record<string, string>> => {
  const require = createRequire(join(from, 'package.json'))
  const versions: Record<string, string> = {}
  for (const name of names) {
    for (const folder of require.resolve.paths(name) ?? []) {
      const text = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => undefined)
      if (text === undefined) continue
      versions[name] = z.object({ version: z.string() }).parse(JSON.parse(text)).version
      break
    }
  }
  return versions
}

/** This machine, and its engine. */
export const describeMachine = (engine: { readonly description: string }): Machine => ({
  platform: `${platform()} ${arch()}`,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  engine: engine.description,
})

/** Writes a record all or nothing. */
export const saveRun = (path: string, record: Omit<RunRecord, 'version' | 'written'>): Promise<void> => {
  const whole: RunRecord = { version: 1, written: new Date().toISOString(), ...record }
  return writeFileAtomic(path, `${JSON.stringify(whole, null, 2)}\n`)
}

/**
 * Reads a config file, or the record of a run.
 *
 * @param schema the schema of the config
 * @returns the config, and the record if there is one
 * @throws KicError `trainer/run-file` for a file that is not JSON, `trainer/config` for a config that the schema
 * refuses
 */
export const loadRun = async <S extends z.ZodType>(
  path: string,
  schema: S,
): Promise<{ readonly config: z.output<S>; readonly record?: RunRecord<z.output<S>> | undefined }> => {
  const value = await readJson(path)
  if (!(typeof value === 'object' && value !== null && 'machine' in value)) {
    return { config: parseConfig(schema, value, path) }
  }
  const record = parseConfig(recordSchema, value, path)
  const config = parseConfig(schema, record.config, `the config of ${path}`)
  return { config, record: { ...record, config } }
}

const readJson = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new KicError<TrainerErrorCode>(
      'trainer/run-file',
      `loadRun: the file must be readable JSON, received ${path}: ${cause instanceof Error ? cause.message : String(cause)}. Correct it.`,
      { cause },
    )
  }
}

/** The changes since a run; each may change the last bits of a repetition. */
export const differencesSince = (
  { packages, machine }: Pick<RunRecord, 'packages' | 'machine'>,
  now: Pick<RunRecord, 'packages' | 'machine'>,
): readonly string[] =>
  [[packages, now.packages] as const, [{ ...machine }, { ...now.machine }] as const].flatMap(
    ([before, after]: readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]) =>
      [...new Set([...Object.keys(before), ...Object.keys(after)])]
        .filter((key) => before[key] !== after[key])
        .map((key) => `${key}: ${before[key] ?? 'none'}, now ${after[key] ?? 'none'}`),
  )

/** @throws KicError `trainer/other-data` if the data differs from the run's. */
export const checkSameData = (record: Pick<RunRecord, 'data'>, now: DataFingerprint): void => {
  if (record.data.sha256 === now.sha256) return
  throw new KicError<TrainerErrorCode>(
    'trainer/other-data',
    `checkSameData: the data must be the run's ${record.data.rows} rows (SHA-256 ${record.data.sha256.slice(0, 12)}…), received ` +
      `${now.rows} (${now.sha256.slice(0, 12)}…). Restore the data, or start a new run from the config alone.`,
  )
}
