import { writeFileAtomic } from '@kic/core/node'
import type { Reject } from '../read/reject.ts'

/** A reject and its file. */
export interface FileReject extends Reject {
  readonly file: string
}

const columns = ['file', 'line', 'reason', 'message', 'excerpt'] as const

/**
 * Writes rejects as tab-separated UTF-8 with a header: file, line, reason, message, excerpt. The file appears whole. It
 * is also written if there are no rejects, so it never shows an earlier run.
 *
 * @throws KicError `core/write-failed`
 */
export const writeRejects = (path: string, rejects: readonly FileReject[]): Promise<void> => {
  // Excerpts have no control characters, but names of files and columns may.
  const cell = (value: string | number): string => String(value).replace(/[\t\r\n]/g, ' ')
  const lines = rejects.map((reject) => columns.map((column) => cell(reject[column])).join('\t'))
  return writeFileAtomic(path, `${[columns.join('\t'), ...lines].join('\n')}\n`)
}
