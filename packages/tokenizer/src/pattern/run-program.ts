import type { Program } from './pattern-program.ts'

/** Threads of a run, preferred ones first; `mark` records the steps in it. */
class ThreadList {
  readonly steps: Int32Array
  readonly #marks: Int32Array
  #mark = 0
  length = 0

  constructor(size: number) {
    this.steps = new Int32Array(size)
    this.#marks = new Int32Array(size)
  }

  clear(): void {
    this.length = 0
    this.#mark++
  }

  /** Whether the step was new; it then counts as seen. */
  isNew(step: number): boolean {
    if (this.#marks[step] === this.#mark) return false
    this.#marks[step] = this.#mark
    return true
  }

  push(step: number): void {
    this.steps[this.length++] = step
  }
}

/**
 * The spans of a text that a program matches, in order, as a backtracking matcher finds them: leftmost, and among the
 * matches there, the one preferred by the order of alternatives and greediness. All alternatives are followed at once,
 * a character at a time (Pike's method; Cox 2009, "Regular Expression Matching: the Virtual Machine Approach"), so no
 * pattern takes exponential time.
 */
export const createMatcher = ({
  steps,
  start,
}: Program): ((text: string) => [from: number, to: number][]) => {
  let current = new ThreadList(steps.length)
  let following = new ThreadList(steps.length)
  const stack: number[] = []

  /** Adds the steps reachable from a step without consuming a character. `point` is the next one, -1 at the end. */
  const follow = (list: ThreadList, from: number, point: number): void => {
    stack.push(from)
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (!list.isNew(at)) continue
      const step = steps[at]
      if (step === undefined) continue
      if (step.kind === 'fork') stack.push(step.other, step.next)
      else if (step.kind !== 'ahead') list.push(at)
      else if ((point >= 0 && step.isIn(point)) !== step.negative) stack.push(step.next)
    }
  }

  /** The end of the preferred match that starts at `from`, or -1. */
  const matchAt = (text: string, from: number): number => {
    let end = -1
    let at = from
    let point = text.codePointAt(at) ?? -1
    current.clear()
    follow(current, start, point)
    while (current.length > 0) {
      const width = point > 0xffff ? 2 : 1
      const nextPoint = point < 0 ? -1 : (text.codePointAt(at + width) ?? -1)
      following.clear()
      for (let i = 0; i < current.length; i++) {
        const step = steps[current.steps[i] as number]
        if (step === undefined) continue
        if (step.kind === 'match') {
          end = at
          break
        }
        if (step.kind === 'character' && point >= 0 && step.isIn(point))
          follow(following, step.next, nextPoint)
      }
      ;[current, following] = [following, current]
      if (point < 0) break
      at += width
      point = nextPoint
    }
    return end
  }

  return (text) => {
    const matches: [number, number][] = []
    for (let at = 0; at < text.length; ) {
      const end = matchAt(text, at)
      if (end > at) matches.push([at, end])
      at = end > at ? end : at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
    }
    return matches
  }
}
