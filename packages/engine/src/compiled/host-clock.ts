import type { Span } from '../profile/profile.ts'

/** Measures what a compiled engine does outside of ONNX Runtime, while someone listens. */
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

  /** Begins to listen, and forgets what was heard before. */
  start(): void {
    this.#spans = []
  }

  stop(): readonly Span[] {
    const spans = this.#spans ?? []
    this.#spans = undefined
    return spans
  }
}
