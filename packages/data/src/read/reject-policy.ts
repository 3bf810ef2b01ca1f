import { KicError } from '@kic/core'
import type { FileReject } from '../write/rejects-file.ts'
import { describeReasons } from './read-report.ts'
import type { Reject, RejectReason } from './reject.ts'

/** What happens to a bad row. */
export interface RejectOptions {
  /** `throw`, the default: the first one ends the reading. `collect`: they are delivered beside the rows. */
  readonly rejects?: 'throw' | 'collect'
  /** How many may be collected before the reading ends nevertheless; 1,000 by default. */
  readonly rejectLimit?: number
  /** Where collected rejects are written to as well, however the reading ends; see `writeRejects`. */
  readonly rejectsFile?: string
}

/** Counts rejects and ends the reading when there are too many. */
export interface RejectPolicy {
  /** @throws KicError `data/<reason>` under `throw`, `data/too-many-rejects` beyond the limit. */
  accept(file: string, rejects: readonly Reject[]): void
  /** The rejects of all files, where they are kept to be written. */
  readonly kept: readonly FileReject[]
}

/** A reject as an error that names the file, the line and the rule. */
export const rejectError = (file: string, { line, reason, message, excerpt }: Reject): KicError =>
  new KicError(`data/${reason}`, `${file}, line ${line}: ${message}; the row begins '${excerpt}'`)

/** The policy of one reading, of one file or several. */
export const createRejectPolicy = ({
  rejects: policy = 'throw',
  rejectLimit = 1000,
  rejectsFile,
}: RejectOptions): RejectPolicy => {
  if (rejectsFile !== undefined && policy === 'throw')
    throw new KicError(
      'data/reject-options',
      `rejectsFile needs rejects 'collect', received rejects 'throw' and ${rejectsFile}: without it the first bad row ends the reading`,
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
          throw new KicError(
            'data/too-many-rejects',
            `${file}, line ${reject.line}: more than ${rejectLimit} rows were rejected (${describeReasons(byReason)}); ` +
              `the last one: ${reject.message}; the row begins '${reject.excerpt}'; correct the file or raise rejectLimit`,
          )
      }
    },
  }
}
