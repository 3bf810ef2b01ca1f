import type { Classification, CutCode } from '@kic/classification'
import { normalizeText, type TextNormalization } from '../prepare/unicode-normalization.ts'
import { joinFields, type Row, type RowFields, singleSpaced } from '../row.ts'
import { withoutGuard } from '../write/csv-cell.ts'
import { distinctNames } from './header-name.ts'
import type { Column, Layout } from './layout.ts'
import { type FinerCodes, labelReader } from './read-labels.ts'
import { excerptOf, type Reject, type RejectReason } from './reject.ts'

/** Turns the cells of one line into a row or a reject. `raw` is the line, for the excerpt. */
export type RowParser = (cells: readonly string[], line: number, raw: string) => Row | Reject

/** Options of a row parser. */
export interface RowParserOptions {
  /** Whether other columns are dropped (default) or kept in `others`. */
  readonly others?: 'drop' | 'keep' | undefined
  /**
   * Whether a row without an id is a reject (default) or is called `<file>:<line>`, as in a file without a column of
   * ids.
   */
  readonly missingIds?: 'reject' | 'accept' | undefined
  /** Whether a code finer than the classification is a reject (default) or is cut to its finest level. */
  readonly finerCodes?: FinerCodes | undefined
  /** Called for every code that is cut. */
  readonly onCut?: ((finer: NonNullable<CutCode['finer']>) => void) | undefined
  /** Called for every code whose letter contradicts its digits, as written. */
  readonly onOtherLetter?: ((written: string) => void) | undefined
}

/** Whether a parser's result is a reject. */
export const isReject = (result: Row | Reject): result is Reject => 'reason' in result

const positionOf = (layout: Layout, holds: Column['holds']): number =>
  layout.columns.findIndex((column) => column.holds === holds)

const fieldReader = (layout: Layout): ((cells: readonly string[]) => RowFields) | undefined => {
  const at = (field: keyof RowFields): number =>
    layout.columns.findIndex((column) => column.holds === 'field' && column.field === field)
  if (positionOf(layout, 'field') < 0) return undefined
  const [object, method, deal] = [at('object'), at('method'), at('deal')]
  return (cells) => ({
    object: cells[object] ?? '',
    method: cells[method] ?? '',
    deal: cells[deal] ?? '',
  })
}

/** The names of the other columns, in file order. */
export const otherColumns = ({ header, columns, answers }: Layout): readonly string[] => {
  const names = columns.map((_, i) => header?.[i] ?? '')
  const own = answers === 'guarded' ? names.map(withoutGuard) : names
  return distinctNames(own).filter((_, i) => columns[i]?.holds === 'other')
}

/** Reads the other columns, by name. */
export const othersReader = (
  layout: Layout,
): ((cells: readonly string[]) => Readonly<Record<string, string>>) => {
  const names = otherColumns(layout)
  const positions = layout.columns.flatMap(({ holds }, i) => (holds === 'other' ? [i] : []))
  return (cells) => Object.fromEntries(names.map((name, i) => [name, cells[positions[i] ?? -1] ?? '']))
}

/**
 * The position of the id in a record with the wrong number of cells; undefined after a text, which may contain
 * delimiters.
 */
export const idPosition = (layout: Layout, rightNumber: boolean): number | undefined => {
  const id = positionOf(layout, 'id')
  if (id < 0) return undefined
  const shifted = layout.columns.slice(0, id).some(({ holds }) => holds === 'text' || holds === 'field')
  return shifted && !rightNumber ? undefined : id
}

/**
 * A parser of single rows for one layout and classification. It checks, in this order: the number of cells, the id, the
 * text, the labels (known, complete down to the row's own level, on one path of the classification). Rows without their own
 * id are called `<file>:<line>`. The caller detects repeated ids. The given rule normalises the text but not the
 * fields.
 *
 * @throws KicError `data/unknown-level` if the layout labels more levels than the classification has
 */
export const createRowParser = (
  layout: Layout,
  classification: Classification | undefined,
  file: string,
  normalization: TextNormalization = 'none',
  {
    others = 'drop',
    missingIds = 'reject',
    finerCodes = 'reject',
    onCut,
    onOtherLetter,
  }: RowParserOptions = {},
): RowParser => {
  const width = layout.columns.length
  const id = positionOf(layout, 'id')
  const text = positionOf(layout, 'text')
  const readFields = fieldReader(layout)
  const readLabels = labelReader(layout, classification, finerCodes)
  const readOthers = others === 'keep' ? othersReader(layout) : undefined
  const guarded = layout.answers === 'guarded'
  const optional = id < 0 || layout.answers !== undefined || missingIds === 'accept'

  const idOf = (cells: readonly string[], line: number): string => {
    const written = id < 0 ? '' : (cells[id] ?? '').trim()
    return written === '' && optional ? `${file}:${line}` : written
  }

  return (found, line, raw) => {
    const cells = guarded ? found.map(withoutGuard) : found
    const reject = (rowId: string, reason: RejectReason, message: string): Reject => ({
      line,
      ...(rowId === '' ? {} : { id: rowId }),
      reason,
      message,
      excerpt: excerptOf(raw),
      ...(cells.length === width && readOthers !== undefined ? { others: readOthers(cells) } : {}),
    })
    if (cells.length !== width) {
      const reason = cells.length < width ? 'too-few-fields' : 'too-many-fields'
      const readable = id < 0 || idPosition(layout, false) !== undefined
      return reject(
        readable ? idOf(cells, line) : '',
        reason,
        `the ${layout.name} has ${width} fields per row, received ${cells.length}. Correct the row.`,
      )
    }
    const ownId = idOf(cells, line)
    if (ownId === '') return reject('', 'missing-id', 'every row needs an id, received none. Add one.')
    const fields = readFields?.(cells)
    const written = fields === undefined ? singleSpaced(cells[text] ?? '') : joinFields(fields)
    const joined = normalization === 'none' ? written : singleSpaced(normalizeText(written, normalization))
    if (joined === '')
      return reject(ownId, 'empty-text', 'every row needs a text, received only empty fields. Add one.')
    const labelled = readLabels(cells)
    if ('reason' in labelled) return reject(ownId, labelled.reason, labelled.message)
    if (labelled.finer !== undefined) onCut?.(labelled.finer)
    if (labelled.otherLetter !== undefined) onOtherLetter?.(labelled.otherLetter)
    return {
      id: ownId,
      line,
      text: joined,
      ...(fields === undefined ? {} : { fields }),
      ...(labelled.labels === undefined ? {} : { labels: labelled.labels }),
      ...(readOthers === undefined ? {} : { others: readOthers(cells) }),
    }
  }
}
