import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import type { FileReject } from '../write/rejects-file.ts'
import { describeReasons } from './read-report.ts'
import type { Reject, RejectReason } from './reject.ts'

/** The treatment of bad rows. */
export interface RejectOptions {
  /** `throw` (default): the first one ends the reading. `collect`: they are returned beside the rows. */
  readonly rejects?: 'throw' | 'collect' | undefined
  /** The number of collected rejects that ends the reading; 1,000 by default. */
  readonly rejectLimit?: number | undefined
  /** The file to which collected rejects are also written, however the reading ends; see `writeRejects`. */
  readonly rejectsFile?: string | undefined
}

/** Counts rejects and ends the reading if there are too many. */
export interface RejectPolicy {
  /** @throws KicError `data/<reason>` with `throw`, `data/too-many-rejects` beyond the limit. */
  accept(file: string, rejects: readonly Reject[]): void
  /** The rejects of all files, if they are to be written. */
  readonly kept: readonly FileReject[]
}

/** A reject as an error with file, line and rule. */
export const rejectError = (file: string, { line, reason, message, excerpt }: Reject): KicError =>
  new KicError<DataErrorCode>(
    `data/${reason}`,
    `${file}, line ${line}: ${message} The row starts with '${excerpt}'.`,
  )

/** The policy of one reading, of one or several files. */
export const createRejectPolicy = ({
  rejects: policy = 'throw',
  rejectLimit = 1000,
  rejectsFile,
}: RejectOptions): RejectPolicy => {
  if (rejectsFile !== undefined && policy === 'throw')
    throw new KicError<DataErrorCode>(
      'data/reject-options',
      `readRowBlocks: rejectsFile needs rejects 'collect', received rejects 'throw' and ${rejectsFile}. Set rejects to 'collect', because otherwise the first bad row ends the reading.`,
    )
  let total = 0
  const byReason: Partial<Record<RejectReason, number>> = {}
  const kept: FileReject[] = []
  return {
    kept,
    accept(file, rejects) {
      for (const reject of rejects) {
        if (policy === 'throw') throw rejectError(file, reject)
        total += 1
        byReason[reject.reason] = (byReason[reject.reason] ?? 0) + 1
        if (rejectsFile !== undefined) kept.push({ ...reject, file })
        if (total > rejectLimit)
          throw new KicError<DataErrorCode>(
            'data/too-many-rejects',
            `${file}, line ${reject.line}: at most ${rejectLimit} rows may be rejected, received more (${describeReasons(byReason)}). ` +
              `The last one: ${reject.message} It starts with '${reject.excerpt}'. Correct the file or raise rejectLimit.`,
          )
      }
    },
  }
}
