import { isKicError, KicError } from '@kic/core'

/** What came of an input that was read. */
export interface Loaded {
  /** Bytes of all tensors. */
  readonly bytes: number
}

export interface Verdict {
  readonly outcome: 'loaded' | 'refused'
  /** Code of the refusal. */
  readonly code?: string | undefined
}

/** An 8-bit integer becomes an int32. */
const FACTOR = 4
/** Objects, texts and buffers that do not depend on the input. */
const CONSTANT = 64 * 1024 * 1024
/** In processor time, because wall time on a busy machine does not depend on the reader alone. */
const MAX_MS = 2_000

/**
 * Runs a reader over an input of so many bytes.
 *
 * @throws KicError `fuzz/…` for a result that is neither a correct load nor a KicError
 */
export const judge = async (size: number, read: () => Promise<Loaded>): Promise<Verdict> => {
  const before = memory()
  const started = process.cpuUsage()
  const verdict = await read().then(
    ({ bytes }): Verdict => {
      if (bytes > FACTOR * size) {
        throw finding('allocation', `${bytes} bytes of tensors came from ${size} bytes`)
      }
      return { outcome: 'loaded' }
    },
    (error: unknown): Verdict => {
      if (isKicError(error)) return { outcome: 'refused', code: error.code }
      throw finding('crash', String(error instanceof Error ? error.stack : error))
    },
  )
  const { user, system } = process.cpuUsage(started)
  const elapsed = (user + system) / 1000
  if (elapsed > MAX_MS) throw finding('hang', `it took ${Math.round(elapsed)} ms of processor time`)
  const grown = memory() - before
  if (grown > FACTOR * size + CONSTANT) throw finding('memory', `${grown} bytes were held for ${size} bytes`)
  return verdict
}

/** Of JavaScript's heap and of all buffers outside of it. */
const memory = (): number => {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const finding = (rule: string, what: string): KicError => new KicError(`fuzz/${rule}`, what)
