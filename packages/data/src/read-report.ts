import type { RejectReason } from './reject.ts'
import type { TextEncoding } from './strict-decoding.ts'

/** Which encoding was used and what decided it; `ascii` as long as UTF-8 and cp949 would give the same. */
export interface EncodingFound {
  readonly encoding: TextEncoding | 'ascii'
  readonly foundBy: 'option' | 'byte order mark' | 'bytes' | 'package'
}

/** What reading a source found so far. */
export interface ReadReport extends EncodingFound {
  readonly name: string
  /** The layout in words. */
  readonly layout: string
  readonly rows: number
  /** Rows with labels. */
  readonly labelled: number
  readonly rejects: number
  readonly rejectsByReason: Readonly<Partial<Record<RejectReason, number>>>
  /** Lines without any character: neither rows nor rejects. */
  readonly blankLines: number
}

const inWords: Readonly<Record<EncodingFound['encoding'], string>> = {
  'utf-8': 'UTF-8',
  cp949: 'cp949',
  ascii: 'ASCII',
}

const decidedBy: Readonly<Record<EncodingFound['foundBy'], string>> = {
  option: 'as told',
  'byte order mark': 'by its byte order mark',
  bytes: 'by its bytes',
  package: 'by its package',
}

/** How often each reason occurred, most frequent first: '3 too-few-fields, 1 unknown-label'. */
export const describeReasons = (counts: ReadReport['rejectsByReason']): string =>
  Object.entries(counts)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${count.toLocaleString('en-US')} ${reason}`)
    .join(', ')

/** A report in one line: 'train.txt: competition format, cp949 (by its bytes), 1,000 rows (1,000 labelled), 3 rejected'. */
export const describeReport = (report: ReadReport): string => {
  const rejects = report.rejects.toLocaleString('en-US')
  return [
    `${report.name}: ${report.layout}`,
    `${inWords[report.encoding]} (${decidedBy[report.foundBy]})`,
    `${report.rows.toLocaleString('en-US')} rows (${report.labelled.toLocaleString('en-US')} labelled)`,
    report.rejects === 0
      ? 'none rejected'
      : `${rejects} rejected (${describeReasons(report.rejectsByReason)})`,
    ...(report.blankLines > 0 ? [`${report.blankLines.toLocaleString('en-US')} blank lines`] : []),
  ].join(', ')
}
