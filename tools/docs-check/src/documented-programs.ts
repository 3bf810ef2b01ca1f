import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { markdownPages } from './markdown-pages.ts'
import { type Page, readPage } from './read-page.ts'

/** A page and where it is. */
export interface DocumentedPage extends Page {
  readonly path: string
}

/** Programs of pages as files, below the repository so that they find its packages. Dispose of them. */
export interface WrittenPrograms {
  /** Of the page at this path. */
  fileOf(path: string): string
  dispose(): Promise<void>
}

/** All pages of the repository. */
export const documentedPages = (root: string): readonly DocumentedPage[] =>
  markdownPages(root).map((path) => ({ path, ...readPage(readFileSync(join(root, path), 'utf8')) }))

export const writePrograms = async (
  root: string,
  pages: readonly DocumentedPage[],
): Promise<WrittenPrograms> => {
  const cache = join(root, 'node_modules/.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'kic-docs-'))
  const fileOf = (path: string): string => join(folder, `${path.replaceAll('/', '-')}.mts`)
  for (const { path, program } of pages) await writeFile(fileOf(path), program)
  return { fileOf, dispose: () => rm(folder, { recursive: true, force: true }) }
}

const execute = promisify(execFile)

/** Runs a program on the packages' sources; what it prints. A program that fails is an error with what it said. */
export const runProgram = async (file: string): Promise<string> => {
  const args = ['--conditions=@kic/source', '--import', 'tsx', file]
  const { stdout } = await execute(process.execPath, args, { cwd: join(file, '..'), timeout: 120_000 })
  return stdout
}
