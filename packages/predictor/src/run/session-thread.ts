import { Worker } from 'node:worker_threads'
import { isKicError, KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import { missingRuntime, type OrtSession, type OrtTensor } from './onnx-runtime.ts'

/** Answers requests in turn. It is plain CommonJS, so it runs without a loader. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const { InferenceSession, Tensor } = require(workerData.runtime)
let session
const answers = {
  create: async ({ model, options }) => {
    session = await InferenceSession.create(model, options)
    return { inputNames: session.inputNames, outputNames: session.outputNames }
  },
  run: async ({ feeds }) => {
    const tensors = Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)])
    const outputs = Object.entries(await session.run(Object.fromEntries(tensors)))
    return { outputs: Object.fromEntries(outputs.map(([name, { data, dims }]) => [name, { data, dims }])) }
  },
  end: async () => {
    await session?.release()
    parentPort.close()
    return {}
  },
}
let last = Promise.resolve()
parentPort.on('message', (question) => {
  last = last
    .then(() => answers[question.ask](question))
    .then(
      (answer) => parentPort.postMessage(answer),
      (error) => parentPort.postMessage({ error: String(error?.message ?? error) }),
    )
})
`

type Feeds = Readonly<Record<string, OrtTensor>>

type Question =
  | { readonly ask: 'create'; readonly model: Uint8Array; readonly options: unknown }
  | { readonly ask: 'run'; readonly feeds: Feeds }
  | { readonly ask: 'end' }

interface Answer {
  readonly error?: string | undefined
  readonly inputNames?: readonly string[] | undefined
  readonly outputNames?: readonly string[] | undefined
  readonly outputs?: Readonly<Record<string, OrtTensor>> | undefined
}

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

/** A thread with a session of ONNX Runtime. It keeps the process alive only while a request is pending. */
export class SessionThread {
  readonly #worker: Worker
  readonly #waiting: Waiting[] = []
  readonly #ended: Promise<void>
  #failure: Error | undefined

  /** @param runtime path of `onnxruntime-node` */
  constructor(runtime: string) {
    this.#worker = new Worker(THREAD, { eval: true, workerData: { runtime } })
    this.#worker.unref()
    this.#worker.on('message', (answer: Answer) => {
      const asker = this.#waiting.shift()
      if (this.#waiting.length === 0) this.#worker.unref()
      if (answer.error === undefined) asker?.resolve(answer)
      else asker?.reject(new Error(answer.error))
    })
    let cause: Error | undefined
    this.#worker.once('error', (error) => {
      cause = error
    })
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#failure = new KicError<PredictorErrorCode>(
          'predictor/thread-ended',
          `predict: the model's thread must be running, received its end${cause === undefined ? '' : `: ${cause.message}`}. Load the model again.`,
          { cause },
        )
        for (const { reject } of this.#waiting.splice(0)) reject(this.#failure)
        resolve()
      })
    })
  }

  /** Number of pending requests. */
  get load(): number {
    return this.#waiting.length
  }

  async create(model: Uint8Array, options: unknown): Promise<Pick<OrtSession, 'inputNames' | 'outputNames'>> {
    try {
      const { inputNames = [], outputNames = [] } = await this.#ask({ ask: 'create', model, options })
      return { inputNames, outputNames }
    } catch (error) {
      throw isKicError(error) ? missingRuntime('onnxruntime-node', error.cause ?? error) : error
    }
  }

  async run(feeds: Feeds): Promise<Readonly<Record<string, OrtTensor>>> {
    const buffers = Object.values(feeds).flatMap(({ data }) =>
      data instanceof BigInt64Array && data.buffer instanceof ArrayBuffer ? [data.buffer] : [],
    )
    const { outputs = {} } = await this.#ask({ ask: 'run', feeds }, buffers)
    return outputs
  }

  /** Frees the session after all pending requests, and ends the thread. */
  async end(): Promise<void> {
    if (this.#failure === undefined) await this.#ask({ ask: 'end' }).catch(() => undefined)
    await this.#ended
  }

  #ask(question: Question, handedOver: readonly ArrayBuffer[] = []): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#worker.ref()
      this.#worker.postMessage(question, handedOver)
    })
  }
}
