/** The time of one kind of work. */
export interface ProfileEntry {
  /**
   * An ONNX operator, or a TensorFlow.js kernel on eager engines. Work outside operators is in parentheses, such as
   * `(AdamW)`.
   */
  readonly name: string
  /** Calls per round. */
  readonly calls: number
  /** Milliseconds per round. */
  readonly ms: number
  /** Share of the whole, 0 to 1. */
  readonly share: number
}

/** The time of some work, divided up. */
export interface Profile {
  /** Milliseconds per round, all entries together. */
  readonly ms: number
  /** By operator, longest first. */
  readonly operators: readonly ProfileEntry[]
  /** By operator and shapes, longest first. */
  readonly shapes: readonly ProfileEntry[]
}

/** One measured call. */
export interface Span {
  readonly name: string
  /** Shapes of inputs and outputs, e.g. `[768,768] [3072,768] → [768,3072]`; empty outside operators. */
  readonly shapes: string
  readonly ms: number
}

/** Sums the calls of some rounds. */
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
