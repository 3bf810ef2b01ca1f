import { Writable } from 'node:stream'
import type { Io } from './io.ts'

/** Standard error as a stream, for progress displays of other packages. */
export const errStream = (io: Io): Writable & { readonly isTTY: boolean } =>
  Object.assign(
    new Writable({
      write: (chunk, _encoding, done) => {
        io.err(String(chunk))
        done()
      },
    }),
    { isTTY: io.errIsTerminal },
  )
