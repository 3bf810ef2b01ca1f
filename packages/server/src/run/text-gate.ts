/** The longest time that a client is asked to wait, in seconds. */
const LONGEST_WAIT = 30

/** How fast old rates are forgotten, in milliseconds. */
const MEMORY_MS = 10_000

/** Bounds the number of texts that wait for their answer, over all requests. */
export class TextGate {
  readonly #most: number
  readonly #now: () => number
  #waiting = 0
  /** Texts answered, and the time that some texts waited: both decay, so their ratio is a recent rate. */
  #answered = 0
  #busyMs = 0
  #since: number

  /**
   * @param most texts that may wait
   * @param now milliseconds of a steady clock
   */
  constructor(most: number, now: () => number = () => performance.now()) {
    this.#most = most
    this.#now = now
    this.#since = now()
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Whether so many more texts may wait. If they may, they wait until `leave`. */
  enter(count: number): boolean {
    if (this.#waiting + count > this.#most) return false
    this.#pass()
    this.#waiting += count
    return true
  }

  /** @param answered whether the texts have their answers; otherwise they were given up */
  leave(count: number, answered: boolean): void {
    this.#pass()
    this.#waiting -= count
    if (answered) this.#answered += count
  }

  /** Seconds until so many texts would probably find room; at least 1. */
  secondsUntilRoom(count: number): number {
    const excess = this.#waiting + count - this.#most
    const perMs = this.#busyMs > 0 ? this.#answered / this.#busyMs : 0
    const seconds = perMs > 0 ? Math.ceil(excess / perMs / 1000) : 1
    return Math.min(Math.max(seconds, 1), LONGEST_WAIT)
  }

  #pass(): void {
    const now = this.#now()
    const elapsed = now - this.#since
    this.#since = now
    const kept = Math.exp(-elapsed / MEMORY_MS)
    this.#answered *= kept
    this.#busyMs = this.#busyMs * kept + (this.#waiting > 0 ? elapsed : 0)
  }
}
