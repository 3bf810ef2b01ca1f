import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { cpus } from 'node:os'
import { pipeline } from 'node:stream/promises'
import { writeFileAtomic } from '@kic/core/node'
import type { PredictorInfo } from '@kic/predictor'
import manifest from '../../package.json' with { type: 'json' }
import type { Tally } from './tally.ts'

/** What an auditor needs to know about a file of answers, and to have the same answers again. */
export interface CodingRecord {
  readonly command: string
  /** Of `@kic/cli`. */
  readonly version: string
  readonly node: string
  readonly processor: string
  /** Coordinated Universal Time. */
  readonly started: string
  readonly finished: string
  readonly model: {
    /** Digest of the files that were run. */
    readonly id?: string | undefined
    readonly name: string
    readonly kind: string
    readonly models: PredictorInfo['models']
    readonly budget?: string | undefined
    /** What the model was calibrated on. */
    readonly calibratedOn?: string | undefined
  }
  readonly preparation: PredictorInfo['preparation']
  /** Options that change answers or their status. */
  readonly options: Readonly<Record<string, unknown>>
  readonly inputs: readonly FileRecord[]
  readonly output: FileRecord
  readonly rows: Omit<Tally, 'rejects' | 'rows'> & { readonly all: number }
}

/** A file, with the digest that `sha256sum` prints; standard input has no digest. */
export interface FileRecord {
  readonly path: string
  readonly sha256?: string | undefined
}

const fileRecord = async (path: string): Promise<FileRecord> => {
  if (path === '-') return { path }
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { path, sha256: hash.digest('hex') }
}

/** What coding was given. */
export interface CodingStart {
  readonly command: string
  readonly info: PredictorInfo
  readonly options: Readonly<Record<string, unknown>>
  readonly inputs: readonly string[]
}

/** What coding gave. */
export interface CodingEnd {
  readonly output: string
  readonly tally: Tally
}

/**
 * Starts a record: notes the time and the inputs as they are now.
 *
 * @returns writes the record to a file, once the output is complete
 */
export const startRecord = async ({ command, info, options, inputs }: CodingStart) => {
  const started = new Date().toISOString()
  const given: FileRecord[] = []
  for (const path of inputs) given.push(await fileRecord(path))
  const { id, name, kind, models, budget, calibration, preparation } = info
  return async (path: string, { output, tally }: CodingEnd): Promise<void> => {
    const { rows, rejects: _, ...byStatus } = tally
    const record: CodingRecord = {
      command,
      version: manifest.version,
      node: process.version,
      processor: cpus()[0]?.model ?? process.arch,
      started,
      finished: new Date().toISOString(),
      model: { id, name, kind, models, budget, calibratedOn: calibration?.on },
      preparation,
      options,
      inputs: given,
      output: await fileRecord(output),
      rows: { all: rows, ...byStatus },
    }
    await writeFileAtomic(path, `${JSON.stringify(record, undefined, 2)}\n`)
  }
}
