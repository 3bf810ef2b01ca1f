import { createHash } from 'node:crypto'
import type { ModelFiles } from './model-files.ts'

/** Files of a model that remember what was read from them. */
export interface RecordedFiles {
  readonly files: ModelFiles
  /**
   * SHA-256 over the paths and contents of all files read so far, whatever their order.
   *
   * @param chosen what else decides the answers, such as the name of a budget
   */
  digest(chosen?: string): string
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

export const recordFiles = (files: ModelFiles): RecordedFiles => {
  const read = new Map<string, string>()
  return {
    files: {
      name: files.name,
      read: async (path) => {
        const bytes = await files.read(path)
        if (bytes !== undefined) read.set(path, sha256(bytes))
        return bytes
      },
      whyMissing: (path) => files.whyMissing?.(path),
    },
    digest: (chosen) => {
      const lines = [...read].map(([path, digest]) => `${path} ${digest}\n`).sort()
      return sha256([...lines, ...(chosen === undefined ? [] : [`${chosen}\n`])].join(''))
    },
  }
}
