import { defined } from '@kic/core'

/** What a cache keeps. */
export interface Releasable {
  release(): Promise<void>
}

/**
 * Keeps the most recently used programs, one for each combination of input shapes. A program that is evicted while it
 * runs is released after its last run.
 */
export class ProgramCache<Program extends Releasable> {
  readonly #entries = new Map<string, Promise<Program>>()
  readonly #running = new Map<Promise<Program>, number>()
  readonly #evicted = new Set<Promise<Program>>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Runs `use` with the program of `key`, and compiles it first if it is missing. */
  async with<T>(
    key: string,
    compile: () => Promise<Program>,
    use: (program: Program) => Promise<T>,
  ): Promise<T> {
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      entry = compile()
      // A failed compilation is not cached.
      entry.catch(() => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key)
      })
    } else {
      this.#entries.delete(key)
    }
    this.#entries.set(key, entry)
    this.#running.set(entry, (this.#running.get(entry) ?? 0) + 1)
    try {
      this.#evictOldest()
      return await use(await entry)
    } finally {
      await this.#finish(entry)
    }
  }

  #evictOldest(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.#limit) return
      this.#entries.delete(key)
      this.#evicted.add(entry)
      if (!this.#running.has(entry)) void this.#release(entry)
    }
  }

  async #finish(entry: Promise<Program>): Promise<void> {
    const left = defined(this.#running.get(entry)) - 1
    if (left > 0) {
      this.#running.set(entry, left)
      return
    }
    this.#running.delete(entry)
    if (this.#evicted.has(entry)) await this.#release(entry)
  }

  async #release(entry: Promise<Program>): Promise<void> {
    this.#evicted.delete(entry)
    await entry.then(
      (program) => program.release(),
      () => undefined,
    )
  }

  dispose(): void {
    for (const entry of this.#entries.values()) {
      this.#evicted.add(entry)
      if (!this.#running.has(entry)) void this.#release(entry)
    }
    this.#entries.clear()
  }
}
