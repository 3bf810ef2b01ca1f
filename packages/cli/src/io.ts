/** A command's input and output: the process's own, or a test's. */
export interface Io {
  /** Bytes of standard input. */
  readonly input: AsyncIterable<Uint8Array>
  /** Whether standard input is a keyboard rather than a pipe or a file. */
  readonly inputIsTerminal: boolean
  /** Writes to standard output and waits for a slow reader. Throws `OutputClosed` once the reader has ended. */
  out(text: string): Promise<void>
  /** Whether standard error is a terminal, where a line can be overwritten. */
  readonly errIsTerminal: boolean
  /** Writes to standard error. */
  err(text: string): void
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal
}

/** Thrown when the reader of the output has ended, as `head` does. This is not a fault; there is nothing left to do. */
export class OutputClosed extends Error {
  constructor() {
    super('the reader of the output has ended')
    this.name = 'OutputClosed'
  }
}

/** Exit codes. */
export const EXIT = {
  done: 0,
  /** Something went wrong; standard error has the message. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The command succeeded, but some rows were unreadable. */
  incomplete: 3,
  interrupted: 130,
} as const
