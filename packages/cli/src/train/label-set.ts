import { type Classification, cutCode, flatClassification, levelNames, levelOf } from '@kic/classification'
import { KicError } from '@kic/core'
import type { Column, ColumnNames, Layout } from '@kic/data'
import type { ReadOptions } from '@kic/data/node'
import type { CliErrorCode } from '../error-code.ts'
import { OWN_LEVEL, recogniseColumns } from '../input/recognise-columns.ts'

/** What labels are: codes of the known classification, or labels of the user's own. */
export const LABEL_CHOICES = ['auto', 'codes', 'own'] as const

export type LabelChoice = (typeof LABEL_CHOICES)[number]

/** How the labels of some files are read. */
export interface LabelSet {
  /** `codes` of the known classification, or labels of the user's own. */
  readonly kind: 'codes' | 'own'
  readonly classification: Classification
  /** Options that read each file by it, by path. */
  readonly reading: (path: string) => Pick<ReadOptions, 'classification' | 'columns' | 'layout'>
  /** What was detected, and what to do if it is wrong; `undefined` if nothing was. */
  readonly note: string | undefined
}

/** What the user says of labels, and the classification that codes are of. */
export interface LabelSetOptions {
  readonly choice: LabelChoice
  /** The requested level, if any. */
  readonly level?: string | undefined
  readonly known: Classification
}

/** A file with a single column of labels, and how that column is read whatever its cells are. */
interface SingleColumn {
  /** What the header promises: a level of the classification, labels of one's own, or any code. */
  readonly promises: 'level' | 'labels' | 'code'
  /** Reads the labels as ids. */
  readonly asIds: Pick<ReadOptions, 'columns' | 'layout'>
  /** Reads them as labels of one's own. */
  readonly asLabels: Pick<ReadOptions, 'columns' | 'layout'>
}

/**
 * Finds out whether files are labelled by codes of the known classification or by labels of one's own.
 *
 * With `auto`, columns of several levels hold codes. A single column holds codes if most of its rows have one, unless all
 * codes are of the coarsest level: letters such as A, B, C are anybody's labels, unless that level is requested.
 *
 * @throws KicError `cli/labels` if a file has no column of labels, or several where own labels are requested; as `readRowBlocks`
 */
export const findLabelSet = async (
  paths: readonly string[],
  reading: ReadOptions,
  { choice, level, known }: LabelSetOptions,
): Promise<LabelSet> => {
  const codes: LabelSet = {
    kind: 'codes',
    classification: known,
    reading: () => ({ classification: known }),
    note: undefined,
  }
  if (choice === 'codes') return codes
  const columns = new Map<string, SingleColumn>()
  for (const path of paths) {
    const column = await singleColumn(path, reading, known, choice === 'own')
    if (column === undefined) return codes
    columns.set(path, column)
  }
  const promises = new Set([...columns.values()].map((column) => column.promises))
  if (choice === 'auto' && promises.has('level')) return codes
  const labels = new Map<string, number>()
  for (const [path, { asIds }] of columns) await countLabels(path, { ...reading, ...asIds }, labels)
  const promised = choice === 'own' || promises.has('labels')
  const kind = promised ? 'own' : kindOf(labels, known, level)
  if (kind === 'codes') return codes
  const names = [...labels.keys()].sort()
  if (names.length === 0) return codes
  const classification = flatClassification(names, { level: OWN_LEVEL })
  return {
    kind: 'own',
    classification,
    reading: (path) => ({ ...columns.get(path)?.asLabels, classification }),
    note: promised ? undefined : noteOf(names, kind, known) + headerNote(labels, columns),
  }
}

type Kind = 'codes' | 'own' | 'coarsest'

/** A code of a classification, or a finer one than it has, as KSIC's C, 33, 334, 33411, G334, 334.0. */
const looksLikeCode = (known: Classification, label: string): boolean => {
  if (levelOf(known, label) !== undefined) return true
  const cut = cutCode(known, undefined, label)
  if (cut === undefined) return false
  const digits = label.slice(cut.letter?.length ?? 0)
  // Years and amounts begin like codes too; classifications have few finer levels.
  return digits.startsWith(cut.code) && /^\d{0,2}(\.\d+)?$/.test(digits.slice(cut.code.length))
}

const kindOf = (
  labels: ReadonlyMap<string, number>,
  known: Classification,
  level: string | undefined,
): Kind => {
  const [coarsest] = levelNames(known)
  if (level !== undefined && level === coarsest) return 'codes'
  const names = [...labels.keys()]
  const codes = names.filter((name) => looksLikeCode(known, name))
  if (codes.length > 0 && codes.every((name) => levelOf(known, name) === coarsest))
    return codes.length === names.length ? 'coarsest' : 'own'
  const rows = (of: readonly string[]): number => of.reduce((sum, name) => sum + (labels.get(name) ?? 0), 0)
  return 2 * rows(codes) >= rows(names) ? 'codes' : 'own'
}

const noteOf = (names: readonly string[], kind: Kind, known: Classification): string => {
  const some = names
    .slice(0, 5)
    .map((name) => `'${name}'`)
    .join(', ')
  const labels = `${names.length} labels (${some}${names.length > 5 ? ', …' : ''}) are read as your own labels`
  return kind === 'coarsest'
    ? `${labels}; if they are codes of the level ${levelNames(known)[0]}, set --level ${levelNames(known)[0]}`
    : `${labels}, because most of them are not codes; if they are codes, set --labels codes`
}

/** A header of unknown names looks like a first row with a label of its own. */
const headerNote = (
  labels: ReadonlyMap<string, number>,
  columns: ReadonlyMap<string, SingleColumn>,
): string => {
  const [first] = labels
  const [column] = columns.values()
  if (first === undefined || first[1] > 1 || column?.asIds.layout === undefined) return ''
  return `; '${first[0]}' is only in the first line; if that is a header, name its columns: --columns text=…,label=${first[0]}`
}

/**
 * The one column of labels, or `undefined` if there are several.
 *
 * @throws KicError `cli/labels` if there is none, or if own labels are requested and there are several
 */
const singleColumn = async (
  path: string,
  reading: ReadOptions,
  known: Classification,
  own: boolean,
): Promise<SingleColumn | undefined> => {
  const { layout, by } = await recogniseColumns(path, reading, known)
  const at = layout.columns.flatMap(({ holds }, i) => (holds === 'code' || holds === 'label' ? [i] : []))
  const [only] = at
  if (only === undefined || (own && at.length > 1)) {
    throw new KicError<CliErrorCode>(
      'cli/labels',
      `kic train: ${own ? '--labels own needs one' : 'a file needs a'} column of labels, ` +
        `received ${path} with ${at.length === 0 ? 'none' : at.length}: ${layout.name}. Name it: --columns text=…,label=….`,
    )
  }
  if (at.length > 1) return undefined
  const named = by === 'codes' ? 'level' : 'labels'
  const promises = layout.columns[only]?.holds === 'code' ? 'code' : named
  return { promises, ...readings(layout, only) }
}

/** How a layout's column of labels is read as ids and as labels: by the names of columns, or without a header by position. */
const readings = (layout: Layout, label: number): Omit<SingleColumn, 'promises'> => {
  if (layout.header === undefined) {
    const put = (column: Column): Layout => ({
      ...layout,
      columns: layout.columns.map((old, i) => (i === label ? column : old)),
    })
    return {
      asIds: { layout: put({ holds: 'id' }) },
      asLabels: { layout: put({ holds: 'label', depth: 0 }) },
    }
  }
  const header = layout.header
  const texts = layout.columns.flatMap((column, i): [string, string][] => {
    const name = header[i] ?? ''
    if (column.holds === 'text') return [['text', name]]
    return column.holds === 'field' ? [[column.field, name]] : []
  })
  const named = (role: string): { columns: ColumnNames } => ({
    columns: Object.fromEntries([...texts, [role, header[label] ?? '']]),
  })
  return { asIds: named('id'), asLabels: named(OWN_LEVEL) }
}

/** Counts the rows of each label. Unreadable rows are reported later, when all rows are read. */
const countLabels = async (
  path: string,
  reading: ReadOptions,
  labels: Map<string, number>,
): Promise<void> => {
  const { readRowBlocks } = await import('@kic/data/node')
  const blocks = readRowBlocks(path, {
    ...reading,
    rejects: 'collect',
    rejectLimit: Number.POSITIVE_INFINITY,
    duplicateIds: 'accept',
  })
  for await (const { rows } of blocks) {
    for (const { id } of rows) labels.set(id, (labels.get(id) ?? 0) + 1)
  }
}
