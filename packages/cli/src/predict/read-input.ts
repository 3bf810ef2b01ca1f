import type { Layout, Reject, Row } from '@kic/data'
import { plainTextLayout } from '@kic/data/formats'
import type { ByteSource, ReadOptions } from '@kic/data/node'
import type { Io } from '../io.ts'

/** How the input is written. */
export type InputFormat = 'auto' | 'lines'

/** Something to classify, or a row that could not be read. */
export type InputRow =
  | { readonly id?: string; readonly line?: number; readonly text: string }
  | { readonly line: number; readonly reject: Reject }

export interface InputOptions {
  readonly format: InputFormat
  readonly encoding?: 'utf-8' | 'cp949'
  /** Columns wanted, by what they hold, of a file whose header has other names: `{ text: '사업내용' }`. */
  readonly columns?: Readonly<Record<string, string>>
}

/** Rows of the command line. */
export function* givenTexts(texts: readonly string[]): Generator<InputRow> {
  for (const text of texts) yield { text }
}

/**
 * Rows of a file, or of standard input (`-`), as they come. Labels of a text file are not looked at, so that wrong ones
 * cost no row.
 *
 * @throws KicError as `readRowBlocks`: `data/missing-file`, `data/not-text`, `data/unknown-format`, …
 */
export async function* readInput(path: string, options: InputOptions, io: Io): AsyncGenerator<InputRow> {
  const { readRowBlocks, recogniseLayout } = await import('@kic/data/node')
  const source: ByteSource = path === '-' ? io.input : path
  const { columns, encoding } = options
  const reading: ReadOptions = {
    name: path === '-' ? 'standard input' : path,
    rejects: 'collect',
    // Every row gets an answer, however many are bad.
    rejectLimit: Number.POSITIVE_INFINITY,
    duplicateIds: 'accept',
    ...(encoding === undefined ? {} : { encoding }),
    ...(columns === undefined ? {} : { columns }),
  }
  const layout =
    options.format === 'lines'
      ? plainTextLayout
      : path === '-'
        ? undefined
        : withoutLabels(await recogniseLayout(path, reading))
  const blocks = readRowBlocks(source, { ...reading, ...(layout === undefined ? {} : { layout }) })
  for await (const { rows, rejects } of blocks) yield* inOrder(rows, rejects)
}

const withoutLabels = (layout: Layout): Layout => ({
  ...layout,
  columns: layout.columns.map((column) =>
    column.holds === 'label' || column.holds === 'code' ? { holds: 'other' } : column,
  ),
})

/** Rows and rejects by line. */
function* inOrder(rows: readonly Row[], rejects: readonly Reject[]): Generator<InputRow> {
  let next = 0
  for (const { id, line, text } of rows) {
    for (let reject = rejects[next]; reject !== undefined && reject.line < line; reject = rejects[next]) {
      yield { line: reject.line, reject }
      next += 1
    }
    yield { id, line, text }
  }
  for (const reject of rejects.slice(next)) yield { line: reject.line, reject }
}
