/** A priority queue of numbers: the greatest priority first, among equals the smallest item. */
export class BinaryHeap {
  readonly #priorities: number[] = []
  readonly #items: number[] = []

  get size(): number {
    return this.#items.length
  }

  push(priority: number, item: number): void {
    let at = this.#items.length
    this.#priorities.push(priority)
    this.#items.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#precedes(at, parent)) break
      this.#swap(at, parent)
      at = parent
    }
  }

  /** Removes and returns the first entry, or `undefined` when there is none. */
  pop(): { readonly priority: number; readonly item: number } | undefined {
    const priority = this.#priorities[0]
    const item = this.#items[0]
    if (priority === undefined || item === undefined) return undefined
    this.#swap(0, this.#items.length - 1)
    this.#priorities.pop()
    this.#items.pop()
    this.#sink()
    return { priority, item }
  }

  #sink(): void {
    let at = 0
    for (;;) {
      let first = at
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#items.length && this.#precedes(child, first)) first = child
      }
      if (first === at) return
      this.#swap(at, first)
      at = first
    }
  }

  #precedes(a: number, b: number): boolean {
    const [left, right] = [this.#priorities[a] as number, this.#priorities[b] as number]
    return left === right ? (this.#items[a] as number) < (this.#items[b] as number) : left > right
  }

  #swap(a: number, b: number): void {
    const [priority, item] = [this.#priorities[a] as number, this.#items[a] as number]
    this.#priorities[a] = this.#priorities[b] as number
    this.#items[a] = this.#items[b] as number
    this.#priorities[b] = priority
    this.#items[b] = item
  }
}
