import type { TextNormalization } from '../prepare/unicode-normalization.ts'
import {
  combineLostZeros,
  combineOtherLetters,
  describeLostZeros,
  describeOtherLetters,
  type LostZeros,
  type OtherLetters,
} from './count-labels.ts'
import { type RejectReason, rejectReasons } from './reject.ts'
import type { TextEncoding } from './strict-decoding.ts'

/** The encoding used and its reason; `ascii` as long as UTF-8 and cp949 would give the same. */
export interface EncodingFound {
  readonly encoding: TextEncoding | 'ascii'
  readonly foundBy: 'option' | 'byte order mark' | 'bytes' | 'format' | 'package'
}

/** The report on a source up to some point. */
export interface ReadReport extends Omit<EncodingFound, 'encoding'> {
  /** `mixed` for several files with different encodings. */
  readonly encoding: EncodingFound['encoding'] | 'mixed'
  readonly name: string
  /** The layout's name. */
  readonly layout: string
  /** The packing of the text. */
  readonly packing?: 'gzip' | undefined
  /** The normalisation rule of texts, if any. */
  readonly normalization?: Exclude<TextNormalization, 'none'> | undefined
  readonly rows: number
  /** Rows with labels. */
  readonly labelled: number
  /** Rows by the finest level of their labels; levels without rows are absent. */
  readonly labelledTo: Readonly<Record<string, number>>
  /** Codes of a `code` column that have probably lost a leading zero, if any. */
  readonly lostZeros?: LostZeros | undefined
  /** Codes that were cut to a group outside the section of their letter, if any. */
  readonly otherLetters?: OtherLetters | undefined
  /** Label columns that hold answers of `kic predict`, if any. */
  readonly answered?: readonly string[] | undefined
  readonly rejects: number
  readonly rejectsByReason: Readonly<Partial<Record<RejectReason, number>>>
  /** Lines without any character: neither rows nor rejects. */
  readonly blankLines: number
}

const inWords: Readonly<Record<ReadReport['encoding'], string>> = {
  mixed: 'several encodings',
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  cp949: 'cp949',
  ascii: 'ASCII',
}

const decidedBy: Readonly<Record<EncodingFound['foundBy'], string>> = {
  option: 'as given',
  'byte order mark': 'by its byte order mark',
  bytes: 'by its bytes',
  format: 'by its format',
  package: 'by its package',
}

/** The counts of all reasons, most frequent first: '3 too-few-fields, 1 unknown-label'. */
export const describeReasons = (counts: ReadReport['rejectsByReason']): string =>
  Object.entries(counts)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${count.toLocaleString('en-US')} ${reason}`)
    .join(', ')

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const addedUp = (counts: readonly ReadReport['rejectsByReason'][]): ReadReport['rejectsByReason'] => {
  const total: Partial<Record<RejectReason, number>> = {}
  for (const found of counts) {
    for (const reason of rejectReasons) {
      const count = found[reason]
      if (count !== undefined) total[reason] = (total[reason] ?? 0) + count
    }
  }
  return total
}

const addedRecords = (counts: readonly Readonly<Record<string, number>>[]): Record<string, number> => {
  const total: Record<string, number> = {}
  for (const found of counts)
    for (const [name, count] of Object.entries(found)) total[name] = (total[name] ?? 0) + count
  return total
}

const combineNames = (names: readonly string[]): readonly string[] | undefined =>
  names.length === 0 ? undefined : [...new Set(names)]

/** The reports of several files as one; undefined for none. */
export const combineReports = (reports: readonly ReadReport[]): ReadReport | undefined => {
  const [first, ...others] = reports
  if (first === undefined || others.length === 0) return first
  const encodings = new Set(reports.map((report) => report.encoding).filter((found) => found !== 'ascii'))
  const [encoding = 'ascii', ...more] = encodings
  return {
    ...first,
    name: `${first.name} and ${others.length} more`,
    layout: [...new Set(reports.map((report) => report.layout))].join(' / '),
    encoding: more.length > 0 ? 'mixed' : encoding,
    foundBy: reports.find((report) => report.encoding === encoding)?.foundBy ?? first.foundBy,
    rows: sum(reports.map((report) => report.rows)),
    labelled: sum(reports.map((report) => report.labelled)),
    labelledTo: addedRecords(reports.map((report) => report.labelledTo)),
    lostZeros: combineLostZeros(
      reports.flatMap(({ lostZeros }) => (lostZeros === undefined ? [] : [lostZeros])),
    ),
    otherLetters: combineOtherLetters(
      reports.flatMap(({ otherLetters }) => (otherLetters === undefined ? [] : [otherLetters])),
    ),
    answered: combineNames(reports.flatMap(({ answered = [] }) => answered)),
    rejects: sum(reports.map((report) => report.rejects)),
    rejectsByReason: addedUp(reports.map((report) => report.rejectsByReason)),
    blankLines: sum(reports.map((report) => report.blankLines)),
  }
}

/** '1,000 labelled', with levels if there are several: '1,000 labelled: 980 to group, 20 to division'. */
const describeLabels = ({ labelled, labelledTo }: ReadReport): string => {
  const levels = Object.entries(labelledTo).map(
    ([level, count]) => `${count.toLocaleString('en-US')} to ${level}`,
  )
  return `${labelled.toLocaleString('en-US')} labelled${levels.length > 1 ? `: ${levels.join(', ')}` : ''}`
}

/** A report in one line: 'train.txt: competition format, cp949 (by its bytes), 1,000 rows (1,000 labelled), 3 rejected'. */
export const describeReport = (report: ReadReport): string => {
  const rejects = report.rejects.toLocaleString('en-US')
  return [
    `${report.name}: ${report.layout}${report.packing === undefined ? '' : `, ${report.packing}`}`,
    `${inWords[report.encoding]} (${decidedBy[report.foundBy]})`,
    ...(report.normalization === undefined ? [] : [`texts normalised (${report.normalization})`]),
    `${report.rows.toLocaleString('en-US')} rows (${describeLabels(report)})`,
    report.rejects === 0
      ? 'none rejected'
      : `${rejects} rejected (${describeReasons(report.rejectsByReason)})`,
    ...(report.blankLines > 0 ? [`${report.blankLines.toLocaleString('en-US')} blank lines`] : []),
    ...(report.lostZeros === undefined ? [] : [describeLostZeros(report.lostZeros)]),
    ...(report.otherLetters === undefined ? [] : [describeOtherLetters(report.otherLetters)]),
  ].join(', ')
}
