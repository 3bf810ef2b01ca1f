import type { ReadOptions, TextEncoding } from '@kic/data/node'
import { type Command, Option } from 'commander'
import { columnNames } from '../parse-arguments.ts'

/** Options of every command that reads rows. */
export interface ReadingOptions {
  readonly encoding?: TextEncoding | undefined
  /** Columns wanted, by what they hold, of a file whose header has other names: `{ text: '사업내용' }`. */
  readonly columns?: Readonly<Record<string, string>> | undefined
  readonly skipBadRows?: boolean | undefined
  readonly cutCodes?: boolean | undefined
}

const ENCODINGS: readonly TextEncoding[] = ['utf-8', 'cp949', 'utf-16le', 'utf-16be']

/** What can be read, for the help of commands. */
export const READABLE =
  '\nInput: XLSX, CSV, TSV or Parquet with a header, the competition’s format or its answer sheet. Text may be packed by gzip, and\n' +
  'is UTF-8, cp949 or UTF-16.'

/**
 * Adds them to a command.
 *
 * @param columns an example of what `--columns` takes
 * @param skipping what `--skip-bad-rows` does
 */
export const addReadingOptions = (
  command: Command,
  columns: string,
  skipping = 'unreadable rows are counted and left out; by default they are an error',
): Command =>
  command
    .addOption(
      new Option('--encoding <name>', 'of the input; default: recognised by its bytes').choices(ENCODINGS),
    )
    .option('--columns <names>', `names of the columns, where a header has its own: ${columns}`, columnNames)
    .option('--skip-bad-rows', skipping)
    .option(
      '--cut-codes',
      'codes finer than the classification’s finest level are cut to it: 33411 and 334.0 become 334',
    )

/** What it does where every row of the input has its row in the output. */
export const ONLY_COUNTED =
  'unreadable rows, unusable in the output, are only counted; by default they are named, and the exit code is 3'

/** The same, as readers of `@kic/data` take them. */
export const readOptions = ({ encoding, columns, cutCodes }: ReadingOptions): ReadOptions => ({
  encoding,
  columns,
  finerCodes: cutCodes === true ? 'cut' : 'reject',
})
