import type { ReadOptions, TextEncoding } from '@kic/data/node'
import { type Command, Option } from 'commander'
import { columnNames } from '../parse-arguments.ts'

/** Options of every command that reads rows. */
export interface ReadingOptions {
  readonly encoding?: TextEncoding | undefined
  /** Column names by content, for a header with other names: `{ text: 'Description' }`. */
  readonly columns?: Readonly<Record<string, string>> | undefined
  readonly skipBadRows?: boolean | undefined
  readonly cutCodes?: boolean | undefined
}

const ENCODINGS: readonly TextEncoding[] = ['utf-8', 'cp949', 'utf-16le', 'utf-16be']

/** The readable formats, for help texts. */
export const READABLE =
  '\nInput: XLSX, CSV, TSV or Parquet with a header, JSON lines, text<TAB>code without a header, or the competition’s files.\n' +
  'Text files may be gzipped, and may be in UTF-8, cp949 or UTF-16.'

/**
 * Adds these options to a command.
 *
 * @param columns an example for `--columns`
 * @param skipping the description of `--skip-bad-rows`
 */
export const addReadingOptions = (
  command: Command,
  columns: string,
  skipping = 'leave out unreadable rows and count them; by default they are an error',
): Command =>
  command
    .addOption(
      new Option('--encoding <name>', 'input encoding; default: detected from the bytes').choices(ENCODINGS),
    )
    .option('--columns <names>', `columns of a header with other names, such as ${columns}`, columnNames)
    .option('--skip-bad-rows', skipping)
    .option('--cut-codes', 'cut codes that are finer than the finest level: 33411 and 334.0 become 334')

/** The description of `--skip-bad-rows` for commands with an output row for every input row. */
export const ONLY_COUNTED = 'count unreadable rows without listing them, and exit with 0 instead of 3'

/** The same options for the readers of `@kic/data`. */
export const readOptions = ({ encoding, columns, cutCodes }: ReadingOptions): ReadOptions => ({
  encoding,
  columns,
  finerCodes: cutCodes === true ? 'cut' : 'reject',
})
