import { type Io, OutputClosed } from '../io.ts'

/** What a command printed. */
export interface FakeIo extends Io {
  readonly printed: () => string
  readonly told: () => string
}

/** Streams in memory: standard input from `input`; output that closes after `closesAfter` writes. */
export const fakeIo = ({
  input = [],
  closesAfter = Number.POSITIVE_INFINITY,
  signal = new AbortController().signal,
}: {
  readonly input?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
  readonly closesAfter?: number
  readonly signal?: AbortSignal
} = {}): FakeIo => {
  const out: string[] = []
  const err: string[] = []
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield* input
  }
  return {
    input: pieces(),
    inputIsTerminal: false,
    errIsTerminal: false,
    signal,
    out: async (text) => {
      if (out.length >= closesAfter) throw new OutputClosed()
      out.push(text)
    },
    err: (text) => {
      err.push(text)
    },
    printed: () => out.join(''),
    told: () => err.join(''),
  }
}
