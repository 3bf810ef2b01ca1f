import type { Span } from '../profile/profile.ts'

/** Measures the work of a compiled engine outside ONNX Runtime, between `start` and `stop`. */
export class HostClock {
  #spans: Span[] | undefined

  time<T>(what: string, work: () => T): T {
    if (this.#spans === undefined) return work()
    const start = performance.now()
    try {
      return work()
    } finally {
      this.#spans.push({ name: `(${what})`, shapes: '', ms: performance.now() - start })
    }
  }

  /** Starts measuring and discards earlier measurements. */
  start(): void {
    this.#spans = []
  }

  stop(): readonly Span[] {
    const spans = this.#spans ?? []
    this.#spans = undefined
    return spans
  }
}
