import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { defined, KicError } from '@kic/core'
import type { TrainerErrorCode } from '../error-code.ts'
import type { Scalars } from './scalars.ts'

/** The data that W&B receives at the start of a run. */
export interface WandbRun {
  readonly id: string
  readonly project: string
  readonly entity?: string | undefined
  readonly name?: string | undefined
  /** Any JSON data: hyperparameters, package versions. */
  readonly config?: object | undefined
}

/** The environment of the SDK. */
export interface WandbSettings {
  readonly baseUrl?: string | undefined
  readonly apiKey?: string | undefined
}

/**
 * The SDK throws from event handlers if W&B is unreachable, which would end this process, and it could not send while a
 * step keeps this thread busy. It therefore has its own thread. A history row's step is a value among others, because
 * the SDK loses rows whose step is below their number.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const { wandb } = require(workerData.sdk)
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
wandb.init({ ...workerData.run, settings: { ...workerData.settings, silent: true } }).then((run) => {
  parentPort.on('message', async ({ scalars, exitCode }) => {
    if (scalars !== undefined) return run.log(scalars)
    await pause(50)
    await run.finish(exitCode)
    parentPort.postMessage('finished')
  })
})
`

/** A run that the SDK reports to W&B. */
export class WandbSession {
  #failure: Error | undefined
  readonly #ended: Promise<void>
  readonly #worker: Worker

  /** @throws KicError `trainer/wandb` if the SDK is not installed. */
  constructor(run: WandbRun, settings: WandbSettings) {
    this.#worker = new Worker(THREAD, {
      eval: true,
      // The SDK has defaults for missing settings, and none for undefined ones.
      workerData: { sdk: sdkPath(), run, settings: JSON.parse(JSON.stringify(settings)) },
      // The SDK's output on failure is replaced by one error.
      stdout: true,
      stderr: true,
    })
    this.#worker.stdout.resume()
    this.#worker.stderr.resume()
    // A run that ends without notifying W&B must not be kept alive by it.
    this.#worker.unref()
    this.#ended = new Promise((resolve) => {
      this.#worker.once('message', () => resolve())
      this.#worker.once('error', (error) => {
        this.#failure = failed(defined(error.message.split('\n')[0]), error)
        resolve()
      })
      this.#worker.once('exit', (code) => {
        this.#failure ??= failed(`its thread ended early with code ${code}`)
        resolve()
      })
    })
  }

  /** @throws KicError `trainer/wandb` once the SDK has failed. */
  log(scalars: Scalars): void {
    if (this.#failure !== undefined) throw this.#failure
    this.#worker.postMessage({ scalars })
  }

  /** @throws KicError `trainer/wandb` if W&B has not received everything after this many seconds. */
  async finish(exitCode: number, seconds: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    this.#worker.postMessage({ exitCode })
    const late = failed(`it was not done within ${seconds} s`)
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<Error>((resolve) => {
      timer = setTimeout(() => resolve(late), 1000 * seconds)
    })
    const failure = await Promise.race([this.#ended.then(() => this.#failure), timeout])
    clearTimeout(timer)
    await this.#worker.terminate()
    if (failure !== undefined) throw failure
  }
}

const failed = (what: string, cause?: unknown): KicError =>
  new KicError<TrainerErrorCode>(
    'trainer/wandb',
    `wandb: W&B must accept the run, received a failure: ${what}. Check the network and WANDB_API_KEY, or log offline.`,
    {
      cause,
    },
  )

/** The SDK as a program in the working directory would import it. */
const sdkPath = (): string => {
  try {
    return createRequire(join(process.cwd(), 'package.json')).resolve('@wandb/sdk')
  } catch (cause) {
    throw new KicError<TrainerErrorCode>(
      'trainer/wandb',
      `wandb: @wandb/sdk must be installed, received no such package from ${process.cwd()}. Run npm install @wandb/sdk graphql, or log offline.`,
      { cause },
    )
  }
}
