/** Where a command reads from and writes to: the process, or a test. */
export interface Io {
  /** Bytes of standard input. */
  readonly input: AsyncIterable<Uint8Array>
  /** Whether standard input is a keyboard rather than a pipe or a file. */
  readonly inputIsTerminal: boolean
  /** Writes to standard output and waits where the reader is slow. Throws `OutputClosed` when nobody reads any more. */
  out(text: string): Promise<void>
  /** Whether standard error is a terminal, where a line can be written over. */
  readonly errIsTerminal: boolean
  /** Writes to standard error. */
  err(text: string): void
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal
}

/** Thrown when whatever reads the output has ended, as `head` does: no fault, there is just nothing more to do. */
export class OutputClosed extends Error {
  constructor() {
    super('the reader of the output has ended')
    this.name = 'OutputClosed'
  }
}

/** What a command's end says to the shell. */
export const EXIT = {
  done: 0,
  /** Something went wrong; what, stands on standard error. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Everything was read, but some rows could not be. */
  incomplete: 3,
  interrupted: 130,
} as const
