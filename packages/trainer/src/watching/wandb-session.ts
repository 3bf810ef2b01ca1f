import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { KicError } from '@kic/core'
import type { Scalars } from './scalars.ts'

/** What W&B is told of a run at its start. */
export interface WandbRun {
  readonly id: string
  readonly project: string
  readonly entity?: string
  readonly name?: string
  /** Anything that JSON holds: hyperparameters, package versions. */
  readonly config?: object
}

/**
 * The SDK throws out of event handlers when W&B cannot be reached, which would end this process; and it could not send
 * while a step keeps this thread busy. So it has a thread of its own. A history row's step is a value among the others:
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
  private failure: Error | undefined
  private readonly ended: Promise<void>
  private readonly worker: Worker

  /** @throws KicError `trainer/wandb` when the SDK is not installed. */
  constructor(run: WandbRun, settings: { readonly baseUrl?: string; readonly apiKey?: string }) {
    this.worker = new Worker(THREAD, {
      eval: true,
      workerData: { sdk: sdkPath(), run, settings },
      // What the SDK prints on its way down is said once, by the error.
      stdout: true,
      stderr: true,
    })
    this.worker.stdout.resume()
    this.worker.stderr.resume()
    // A run that ends without a word to W&B must not be kept alive by it.
    this.worker.unref()
    this.ended = new Promise((resolve) => {
      this.worker.once('message', () => resolve())
      this.worker.once('error', (error) => {
        this.failure = failed(error.message.split('\n')[0] ?? '', error)
        resolve()
      })
      this.worker.once('exit', (code) => {
        this.failure ??= failed(`its thread ended early with code ${code}`)
        resolve()
      })
    })
  }

  /** @throws KicError `trainer/wandb` once the SDK has failed. */
  log(scalars: Scalars): void {
    if (this.failure !== undefined) throw this.failure
    this.worker.postMessage({ scalars })
  }

  /** @throws KicError `trainer/wandb` when W&B has not everything after so many seconds. */
  async finish(exitCode: number, seconds: number): Promise<void> {
    if (this.failure !== undefined) throw this.failure
    this.worker.postMessage({ exitCode })
    const late = failed(`it was not done within ${seconds} s`)
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<Error>((resolve) => {
      timer = setTimeout(() => resolve(late), 1000 * seconds)
    })
    const failure = await Promise.race([this.ended.then(() => this.failure), timeout])
    clearTimeout(timer)
    await this.worker.terminate()
    if (failure !== undefined) throw failure
  }
}

const failed = (what: string, cause?: unknown): KicError =>
  new KicError(
    'trainer/wandb',
    `W&B did not take the run: ${what}. Check network and WANDB_API_KEY, or log offline`,
    {
      cause,
    },
  )

/** The SDK as the program at the working directory would import it. */
const sdkPath = (): string => {
  try {
    return createRequire(join(process.cwd(), 'package.json')).resolve('@wandb/sdk')
  } catch (cause) {
    throw new KicError(
      'trainer/wandb',
      `wandb: @wandb/sdk was not found from ${process.cwd()}; npm install @wandb/sdk graphql, or log offline`,
      { cause },
    )
  }
}
