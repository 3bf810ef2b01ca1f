import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { KicError } from '@kic/core'
import { z } from 'zod'
import type { TrainerErrorCode } from '../error-code.ts'
import { harmless, type TrainCallbacks } from './callbacks.ts'
import { evaluationScalars, type Scalars, stepScalars } from './scalars.ts'
import { type WandbRun, WandbSession, type WandbSettings } from './wandb-session.ts'

export interface WandbOptions extends Omit<WandbRun, 'id'> {
  /** Continues the run with this id; default: a new run. */
  readonly id?: string | undefined
  /**
   * `online` sends to W&B during training. `offline` writes a file that `uploadWandbRun` sends later. Default: the
   * variable WANDB_MODE, or online.
   */
  readonly mode?: 'online' | 'offline' | undefined
  /** The folder of offline runs; default `wandb`. */
  readonly folder?: string | undefined
  /** Sends scalars every this many updates; default 1. */
  readonly everySteps?: number | undefined
  /** Number of seconds that the end of a run waits for W&B; default 30. */
  readonly finishSeconds?: number | undefined
  /** Called once if logging fails; default `console.warn`. */
  readonly warn?: ((message: string) => void) | undefined
}

/** The receiver of a run: W&B, or a file. */
interface Sink {
  log(scalars: Scalars): void
  finish(exitCode: number, seconds: number): Promise<void>
}

/**
 * Reports a run to Weights & Biases through `@wandb/sdk`, an optional peer: `npm install @wandb/sdk graphql`, with the
 * key in WANDB_API_KEY. Every row has its update as `train/step`.
 *
 * A failure does not stop the run.
 */
export const wandb = (options: WandbOptions): TrainCallbacks => {
  const { mode, folder = 'wandb', everySteps = 1, finishSeconds = 30, warn, id, ...about } = options
  const run: WandbRun = { ...about, id: id ?? newId() }
  const offline = (mode ?? process.env.WANDB_MODE) === 'offline'
  let sink: Sink | undefined
  const log = (step: number, scalars: Scalars): void => {
    sink ??= offline ? offlineRun(folder, run) : new WandbSession(run, environment())
    sink.log({ 'train/step': step, ...scalars })
  }
  const finish = async (exitCode: number): Promise<void> => {
    const present = sink
    sink = undefined
    await present?.finish(exitCode, finishSeconds)
  }
  return harmless(
    'wandb',
    {
      onStep: (event) => {
        if (event.step % everySteps === 0) log(event.step, stepScalars(event))
      },
      onEvaluate: (event) => log(event.step, evaluationScalars(event)),
      onEnd: () => finish(0),
      onError: () => finish(1),
    },
    warn,
  )
}

const environment = (): WandbSettings => ({
  baseUrl: process.env.WANDB_BASE_URL,
  apiKey: process.env.WANDB_API_KEY,
})

const newId = (): string => globalThis.crypto.randomUUID().replaceAll('-', '').slice(0, 8)

/** The SDK's own offline mode still asks W&B for the user and then stores nothing, so this writes a file. */
const offlineRun = (folder: string, run: WandbRun): Sink => {
  mkdirSync(folder, { recursive: true })
  const file = openSync(join(folder, `offline-run-${run.id}.jsonl`), 'a')
  const write = (line: object): void => {
    writeSync(file, `${JSON.stringify(line)}\n`)
  }
  write({ run })
  return {
    log: (scalars) => write({ scalars }),
    finish: async (exitCode) => {
      write({ exitCode })
      closeSync(file)
    },
  }
}

const offlineLine = z.union([
  z.strictObject({
    run: z.strictObject({
      id: z.string(),
      project: z.string(),
      entity: z.string().exactOptional(),
      name: z.string().exactOptional(),
      config: z.record(z.string(), z.unknown()).exactOptional(),
    }),
  }),
  // JSON has no NaN. It is written as null, and left out on upload.
  z.strictObject({ scalars: z.record(z.string(), z.number().nullable()) }),
  z.strictObject({ exitCode: z.number() }),
])

/** The SDK sends at most 10,000 rows at once, and at most half a minute apart. */
const CHUNK = { rows: 5_000, seconds: 31 }

/**
 * Sends an offline run to W&B.
 *
 * @param file an `offline-run-<id>.jsonl`
 * @throws KicError `trainer/wandb-file` with the invalid line, `trainer/wandb`
 */
export const uploadWandbRun = async (
  file: string,
  { finishSeconds = 120 }: { readonly finishSeconds?: number | undefined } = {},
): Promise<void> => {
  let session: WandbSession | undefined
  let [rows, exitCode] = [0, 1]
  const lines = (await readFile(file, 'utf8')).split('\n')
  for (const [i, text] of lines.entries()) {
    if (text === '') continue
    const line = offlineLine.safeParse(jsonOf(text)).data
    // A killed run may have left half a line at the end of the file.
    if (line === undefined && i === lines.length - 1) break
    if (line === undefined || (session === undefined && !('run' in line))) {
      throw new KicError<TrainerErrorCode>(
        'trainer/wandb-file',
        `uploadWandbRun: every line must be of an offline run, received line ${i + 1} of ${file}: ${text.slice(0, 80)}. Use the file of a run.`,
      )
    }
    if ('run' in line) session ??= new WandbSession(line.run, environment())
    else if ('exitCode' in line) exitCode = line.exitCode
    else {
      session?.log(finite(line.scalars))
      if (++rows % CHUNK.rows === 0) await pause(1000 * CHUNK.seconds)
    }
  }
  await session?.finish(exitCode, finishSeconds)
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const finite = (scalars: Readonly<Record<string, number | null>>): Scalars =>
  Object.fromEntries(Object.entries(scalars).flatMap(([name, x]) => (x === null ? [] : [[name, x]])))
