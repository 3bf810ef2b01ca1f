import { type Classification, flatClassification, levelOf } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { isKicError, KicError } from '@kic/core'
import type { Column, ColumnNames, Layout } from '@kic/data'
import type { ReadOptions } from '@kic/data/node'
import type { CliErrorCode } from '../error-code.ts'

/** Whose labels rows have: codes of KSIC, or a set of the user's own. */
export type LabelChoice = 'auto' | 'ksic' | 'own'

/** How the labels of some files are read. */
export interface LabelSet {
  readonly classification: Classification
  /** Options that read each file by it, by path. */
  readonly reading: (path: string) => Pick<ReadOptions, 'classification' | 'columns' | 'layout'>
  /** What was found, and what to do where it is not meant; `undefined` where nothing is to be said. */
  readonly note: string | undefined
}

/** The level of labels of one's own. */
export const OWN_LEVEL = 'label'

/** A classification that no label is of: it makes a column called `label` one of labels. */
const anyLabels = flatClassification(['\u0000'], { level: OWN_LEVEL })

/** A file with a single column of labels, and how that column is read whatever its cells are. */
interface SingleColumn {
  /** What the header promises: a level of KSIC, labels of one's own, or any code. */
  readonly promises: 'level' | 'labels' | 'code'
  /** Reads the labels as ids. */
  readonly asIds: Pick<ReadOptions, 'columns' | 'layout'>
  /** Reads them as labels of one's own. */
  readonly asLabels: Pick<ReadOptions, 'columns' | 'layout'>
}

/**
 * Finds out whether files are labelled by codes of KSIC or by labels of one's own.
 *
 * By `auto`, columns of several levels are KSIC's; a single column is KSIC's where most of its rows have a code of KSIC, unless
 * all are letters of sections: those are one's own, but for `--level section`.
 *
 * @param level the level asked for, if any
 * @throws KicError `cli/labels` where labels of one's own are asked for and there is no single column of them; as `readRowBlocks`
 */
export const findLabelSet = async (
  paths: readonly string[],
  reading: ReadOptions,
  choice: LabelChoice,
  level: string | undefined,
): Promise<LabelSet> => {
  const ksic: LabelSet = {
    classification: ksic10,
    reading: () => ({ classification: ksic10 }),
    note: undefined,
  }
  if (choice === 'ksic') return ksic
  const columns = new Map<string, SingleColumn>()
  for (const path of paths) {
    const column = await singleColumn(path, reading, choice === 'own')
    if (column === undefined) return ksic
    columns.set(path, column)
  }
  const promises = new Set([...columns.values()].map((column) => column.promises))
  if (choice === 'auto' && promises.has('level')) return ksic
  const labels = new Map<string, number>()
  for (const [path, { asIds }] of columns) await countLabels(path, { ...reading, ...asIds }, labels)
  const promised = choice === 'own' || promises.has('labels')
  const kind = promised ? 'own' : kindOf(labels, level)
  if (kind === 'ksic') return ksic
  const names = [...labels.keys()].sort()
  if (names.length === 0) return ksic
  const classification = flatClassification(names, { level: OWN_LEVEL })
  return {
    classification,
    reading: (path) => ({ ...columns.get(path)?.asLabels, classification }),
    note: promised ? undefined : noteOf(names, kind) + headerNote(labels, columns),
  }
}

type Kind = 'ksic' | 'own' | 'sections'

/** A code of KSIC, or a finer one than any of it: C, 33, 334, 33411, G334, 334.0. */
const looksLikeKsic = (label: string): boolean => {
  if (levelOf(ksic10, label) !== undefined) return true
  const digits = /^[A-U]?(\d{3})\d{0,2}(\.\d+)?$/.exec(label)?.[1]
  return digits !== undefined && levelOf(ksic10, digits) !== undefined
}

const kindOf = (labels: ReadonlyMap<string, number>, level: string | undefined): Kind => {
  if (level === 'section') return 'ksic'
  const names = [...labels.keys()]
  const known = names.filter(looksLikeKsic)
  // Letters alone are no sign of KSIC, whatever stands beside them.
  if (known.length > 0 && known.every((name) => levelOf(ksic10, name) === 'section'))
    return known.length === names.length ? 'sections' : 'own'
  const rows = (of: readonly string[]): number => of.reduce((sum, name) => sum + (labels.get(name) ?? 0), 0)
  return 2 * rows(known) >= rows(names) ? 'ksic' : 'own'
}

const noteOf = (names: readonly string[], kind: Kind): string => {
  const some = names
    .slice(0, 5)
    .map((name) => `'${name}'`)
    .join(', ')
  const labels = `${names.length} labels (${some}${names.length > 5 ? ', …' : ''}) are taken for classes of your own`
  return kind === 'sections'
    ? `${labels}; if they are sections of KSIC, say --level section`
    : `${labels}, as most are no codes of KSIC; if they are meant to be, say --labels ksic`
}

interface Recognised {
  readonly layout: Layout
  readonly by: 'ksic' | 'labels'
}

/** A header of names that are not known looks like a first row with a label of its own. */
const headerNote = (
  labels: ReadonlyMap<string, number>,
  columns: ReadonlyMap<string, SingleColumn>,
): string => {
  const [first] = labels
  const [column] = columns.values()
  if (first === undefined || first[1] > 1 || column?.asIds.layout === undefined) return ''
  return `; '${first[0]}' is only in the first line: if that is a header, name its columns, --columns text=…,label=${first[0]}`
}

/** The layout by a column called `label`, or else by the levels of KSIC. */
const recognise = async (path: string, reading: ReadOptions): Promise<Recognised> => {
  const { recogniseLayout } = await import('@kic/data/node')
  const own = await recogniseLayout(path, { ...reading, classification: anyLabels }).catch(
    (error: unknown) => {
      if (isKicError(error)) return undefined
      throw error
    },
  )
  if (own?.columns.some(({ holds }) => holds === 'label')) return { layout: own, by: 'labels' }
  return { layout: await recogniseLayout(path, { ...reading, classification: ksic10 }), by: 'ksic' }
}

/** @throws KicError `cli/labels` where one is needed and there is none */
const singleColumn = async (
  path: string,
  reading: ReadOptions,
  needed: boolean,
): Promise<SingleColumn | undefined> => {
  const { layout, by } = await recognise(path, reading)
  const at = layout.columns.flatMap(({ holds }, i) => (holds === 'code' || holds === 'label' ? [i] : []))
  const [only] = at
  if (only === undefined || at.length > 1) {
    if (!needed) return undefined
    throw new KicError<CliErrorCode>(
      'cli/labels',
      `kic train: --labels own needs one column of labels, ${path} has ${at.length} (${layout.name}). ` +
        'Name it: --columns text=…,label=….',
    )
  }
  const named = by === 'ksic' ? 'level' : 'labels'
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

/** Counts the rows of each label. Rows that cannot be read are told of when they are read for good. */
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
