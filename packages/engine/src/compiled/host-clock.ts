import type { Span } from '../profile/profile.ts'

/** Measures the work of a compiled engine outside ONNX Runtime, between `start` and `stop`. */
export class HostClock {
  #spans: Span[] | undefined

  time<T>(what: string, work: () => T): T {
    const start = performance.now()
    try {
      return work()
    } finally {
      this.#add(what, start)
    }
  }

  async timeAsync<T>(what: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      this.#add(what, start)
    }
  }

  #add(what: string, start: number): void {
    this.#spans?.push({ name: `(${what})`, shapes: '', ms: performance.now() - start })
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
