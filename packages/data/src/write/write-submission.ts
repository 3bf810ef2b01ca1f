import { type Classification, codeIndex, isConsistent, type Labels, levelNames } from '@kic/classification'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import type { Row } from '../row.ts'
import { csvCell, looksLikeFormula } from './csv-cell.ts'
import { encodeText, firstUnencodable, type OutputEncoding } from './encode-text.ts'
import { type NamedLine, type WriteOptions, writeLines } from './write-lines.ts'

/** How the cells of a submission are written. */
export interface SubmissionRules extends WriteOptions {
  /** Dropped by default, as in the competition's files, where the group 011 is 11. */
  readonly leadingZeros?: 'drop' | 'keep' | undefined
  /**
   * By default, a text that a spreadsheet program would run as a formula ('=1+1', '-shop') gets a leading apostrophe;
   * with `keep` it is written unchanged.
   */
  readonly formulas?: 'guard' | 'keep' | undefined
}

/** Options for writing a submission. */
export interface SubmissionOptions extends SubmissionRules {
  /** Its levels become `digit_1`, `digit_2`, …. */
  readonly classification: Classification
}

/** A report on the written file. */
export interface SubmissionReport {
  readonly rows: number
  /** Rows whose levels contradict each other, which happens if votes are counted level by level. */
  readonly contradictory: number
  /** Number of cells with an added apostrophe. */
  readonly guarded: number
  /** The encoding chosen by `auto`. */
  readonly encoding?: OutputEncoding | undefined
}

const header = (classification: Classification): string =>
  [
    'AI_id',
    ...classification.levels.map((_, i) => `digit_${i + 1}`),
    'text_obj',
    'text_mthd',
    'text_deal',
  ].join(',')

const digits = (
  row: Row,
  labels: Labels,
  classification: Classification,
  leadingZeros: 'drop' | 'keep',
): string[] =>
  levelNames(classification).map((level) => {
    const code = labels[level]
    if (code === undefined || codeIndex(classification, level, code) < 0)
      throw new KicError<DataErrorCode>(
        'data/unknown-label',
        `writeSubmission: row ${row.id} needs a ${level} of ${classification.name}, received ${code === undefined ? 'none' : `'${code}'`}. Correct the prediction.`,
      )
    return leadingZeros === 'drop' && /^\d+$/.test(code) ? code.replace(/^0+(?=\d)/, '') : code
  })

const textsOf = ({ fields, text }: Row): readonly string[] =>
  fields === undefined ? [text, '', ''] : [fields.object, fields.method, fields.deal]

const checkId = ({ id }: Row, formulas: 'guard' | 'keep'): void => {
  if (formulas === 'guard' && looksLikeFormula(id))
    throw new KicError<DataErrorCode>(
      'data/unsafe-id',
      `writeSubmission: an id must not look like a formula, received '${id}', which a spreadsheet program would run. Rename it, or write with formulas 'keep'.`,
    )
}

/**
 * Checks rows at the start of a run for everything that `writeSubmission` would refuse at its end.
 *
 * @returns the encoding of the submission
 * @throws KicError `data/unsafe-id`, `data/unencodable`
 */
export const checkSubmission = (rows: Iterable<Row>, options: SubmissionRules = {}): OutputEncoding => {
  const { encoding = 'cp949', unencodable = 'throw', formulas = 'guard' } = options
  let fits = true
  for (const row of rows) {
    checkId(row, formulas)
    const text = [row.id, ...textsOf(row)].join(',')
    fits &&= firstUnencodable(text, 'cp949') === undefined
    if (unencodable === 'throw')
      encodeText(text, encoding === 'auto' ? 'utf-8-bom' : encoding, unencodable, `row ${row.id}`)
  }
  if (encoding !== 'auto') return encoding
  return fits ? 'cp949' : 'utf-8-bom'
}

/**
 * Writes the competition's answer sheet: CSV with the columns AI_id, digit_1, digit_2, digit_3, text_obj, text_mthd,
 * text_deal, in cp949 (or `encoding`) with Windows line ends. The file appears whole or not at all. A row without
 * separate fields has its text in text_obj.
 *
 * @param predictions one per row, in the same order, with a known code at every level. Contradictory levels are
 * counted, not refused.
 * @throws KicError `data/prediction-count`, `data/unknown-label`, `data/unsafe-id` (an id that looks like a formula and
 * cannot be guarded without changing it), `data/unencodable`, `core/write-failed`
 */
export const writeSubmission = async (
  path: string,
  rows: Iterable<Row> | AsyncIterable<Row>,
  predictions: Iterable<Labels> | AsyncIterable<Labels>,
  options: SubmissionOptions,
): Promise<SubmissionReport> => {
  const { classification, leadingZeros = 'drop', formulas = 'guard' } = options
  let [written, contradictory, guarded] = [0, 0, 0]

  const guard = (cell: string): string => {
    if (formulas === 'keep' || !looksLikeFormula(cell)) return cell
    guarded += 1
    return `'${cell}`
  }

  const line = (row: Row, labels: Labels): string => {
    checkId(row, formulas)
    const texts = textsOf(row).map(guard)
    return [row.id, ...digits(row, labels, classification, leadingZeros), ...texts].map(csvCell).join(',')
  }

  async function* lines(): AsyncGenerator<NamedLine> {
    yield { text: header(classification), where: 'the header' }
    const next =
      Symbol.asyncIterator in predictions
        ? predictions[Symbol.asyncIterator]()
        : predictions[Symbol.iterator]()
    for await (const row of rows) {
      const prediction = await next.next()
      if (prediction.done === true)
        throw new KicError<DataErrorCode>(
          'data/prediction-count',
          `writeSubmission: every row needs a prediction, received ${written} predictions and more rows. Pass one prediction per row.`,
        )
      if (!isConsistent(classification, prediction.value)) contradictory += 1
      yield { text: line(row, prediction.value), where: `row ${row.id}` }
      written += 1
    }
    if ((await next.next()).done !== true)
      throw new KicError<DataErrorCode>(
        'data/prediction-count',
        `writeSubmission: every prediction needs a row, received ${written} rows and more predictions. Pass one prediction per row.`,
      )
  }

  const encoding = await writeLines(path, lines(), options)
  const chosen = options.encoding === 'auto' ? { encoding } : {}
  return { rows: written, contradictory, guarded, ...chosen }
}
