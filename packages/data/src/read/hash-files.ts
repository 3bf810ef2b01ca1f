import { createHash } from 'node:crypto'
import { readBytes } from './open-bytes.ts'

/**
 * A hash (SHA-256) of the bytes of files in this order. It changes if and only if the bytes do, whatever the files are
 * called.
 *
 * @throws KicError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`
 */
export const hashFiles = async (paths: readonly string[]): Promise<string> => {
  const whole = createHash('sha256')
  for (const path of paths) {
    const file = createHash('sha256')
    for await (const piece of readBytes(path)) file.update(piece)
    whole.update(file.digest())
  }
  return whole.digest('hex')
}
