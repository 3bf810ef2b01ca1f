import { availableParallelism } from 'node:os'
import { KicError, withoutTelemetry } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import { isSmall } from '../model/weights.ts'
import type { OnnxRuntime, OrtSession, OrtTensor } from './onnx-runtime.ts'
import { runtimePath } from './runtime-path.ts'
import { SessionThread } from './session-thread.ts'

/** More threads stay idle, because the calling thread reads, tokenizes and writes meanwhile. */
const USUAL_THREADS = 4

/** Each thread has one run under way and another one queued, so that it continues while the calling thread is busy. */
const RUNS_AHEAD = 2

class PlainTensor implements OrtTensor {
  constructor(
    readonly type: 'int64',
    readonly data: BigInt64Array,
    readonly dims: readonly number[],
  ) {}
}

/**
 * `onnxruntime-node` in threads of its own, for many rows. Normally it computes on the calling thread: reading,
 * tokenizing and writing wait for the model, and the model for them. A small model gains nothing from threads within
 * ONNX Runtime, so it runs in several threads at once, each with a copy. Another model runs in a single thread.
 *
 * Inputs of a session are transferred: their arrays are empty afterwards.
 *
 * @param threads for a small model, from 1 to 256; default: one per processor, at most four
 * @throws KicError `predictor/option`; `predictor/no-onnxruntime` when a session is created, `predictor/thread-ended` if a thread
 *   has ended
 */
export const threadRuntime = (threads = Math.min(availableParallelism(), USUAL_THREADS)): OnnxRuntime => {
  checkThreads(threads)
  return {
    Tensor: PlainTensor,
    InferenceSession: {
      create: async (model, options) => {
        const runtime = runtimePath()
        withoutTelemetry()
        const started = Array.from({ length: isSmall(model) ? threads : 1 }, () => new SessionThread(runtime))
        try {
          const [names] = await Promise.all(started.map((thread) => thread.create(model, options)))
          return sessionOver(started, names ?? { inputNames: [], outputNames: [] })
        } catch (error) {
          await Promise.all(started.map((thread) => thread.end()))
          throw error
        }
      },
    },
  }
}

/** Each thread has a copy of the model: more would exhaust the machine. */
const THREAD_LIMIT = 256

const checkThreads = (threads: number): void => {
  if (Number.isInteger(threads) && threads >= 1 && threads <= THREAD_LIMIT) return
  throw new KicError<PredictorErrorCode>(
    'predictor/option',
    `threadRuntime: threads must be an integer from 1 to ${THREAD_LIMIT}, received ${threads}. Leave it out for one per processor.`,
  )
}

const sessionOver = (
  threads: readonly SessionThread[],
  names: Pick<OrtSession, 'inputNames' | 'outputNames'>,
): OrtSession => ({
  ...names,
  runsAtOnce: RUNS_AHEAD * threads.length,
  runsInParallel: threads.length,
  run: (feeds) => {
    const idlest = threads.reduce((best, thread) => (thread.load < best.load ? thread : best))
    return idlest.run(feeds)
  },
  release: async () => {
    await Promise.all(threads.map((thread) => thread.end()))
  },
})
