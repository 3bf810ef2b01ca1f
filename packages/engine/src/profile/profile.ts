/** How long one kind of work took. */
export interface ProfileEntry {
  /**
   * An operator of ONNX, or a kernel of TensorFlow.js on eager engines. In parentheses what runs outside of operators, such
   * as `(AdamW)`.
   */
  readonly name: string
  /** Calls a round. */
  readonly calls: number
  /** Milliseconds a round. */
  readonly ms: number
  /** Share of the whole, 0 to 1. */
  readonly share: number
}

/** Where the time of some work goes. */
export interface Profile {
  /** Milliseconds a round, all entries together. */
  readonly ms: number
  /** By operator, the longest first. */
  readonly operators: readonly ProfileEntry[]
  /** By operator and shapes, the longest first. */
  readonly shapes: readonly ProfileEntry[]
}

/** One measured call. */
export interface Span {
  readonly name: string
  /** Shapes of what went in and out, e.g. `[768,768] [3072,768] → [768,3072]`; empty outside of operators. */
  readonly shapes: string
  readonly ms: number
}

/** Adds up the calls of some rounds. */
export const profileOf = (spans: readonly Span[], rounds: number): Profile => {
  const ms = spans.reduce((sum, span) => sum + span.ms, 0) / rounds
  const grouped = (key: (span: Span) => string): ProfileEntry[] => {
    const groups = new Map<string, { calls: number; ms: number }>()
    for (const span of spans) {
      const group = groups.get(key(span)) ?? { calls: 0, ms: 0 }
      group.calls += 1 / rounds
      group.ms += span.ms / rounds
      groups.set(key(span), group)
    }
    return [...groups]
      .map(([name, group]) => ({ name, ...group, share: ms > 0 ? group.ms / ms : 0 }))
      .sort((a, b) => b.ms - a.ms)
  }
  return {
    ms,
    operators: grouped(({ name }) => name),
    shapes: grouped((span) => `${span.name} ${span.shapes}`.trim()),
  }
}
