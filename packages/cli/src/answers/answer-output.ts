import { extname } from 'node:path'
import { type AnswerRow, answersCsv, answerTable, type GuaranteeColumns } from '@kic/predictor'
import { InvalidArgumentError } from 'commander'
import type { Io } from '../io.ts'
import { humanFormat, jsonFormat } from './format-answers.ts'
import { openOutputFile } from './output-file.ts'

/** Output format of answers; `words` is for people. */
export type OutputFormat = 'csv' | 'json' | 'xlsx' | 'words'

/** The destination of answers. */
export interface AnswerOutput {
  /** The temporary path until the file is complete; `undefined` for standard output. */
  readonly partial: string | undefined
  write(answers: readonly AnswerRow[]): Promise<void>
  /** Completes the output and gives a file its name. */
  finish(): Promise<void>
  /** Stops early and keeps the answers so far. */
  keep(): Promise<void>
}

export interface OutputOptions {
  readonly output?: string | undefined
  readonly json?: boolean | undefined
  readonly csv?: boolean | undefined
  readonly bom?: boolean | undefined
  readonly outputEncoding?: 'utf-8' | 'cp949' | undefined
}

/** File extensions of formats that are not written. */
const REFUSED = ['.xls', '.xlsm', '.xlsb', '.ods', '.parquet', '.gz', '.zip', '.tsv']

/**
 * The format set by an option or by the output's extension: `.xlsx`, `.jsonl` (`.ndjson`, `.json`), otherwise CSV.
 *
 * @param fallback the format without option and output
 * @throws InvalidArgumentError if option and extension contradict each other, the extension is of another format, or an
 * option is about another format
 */
export const outputFormat = (
  { output, json, csv, bom, outputEncoding }: OutputOptions,
  fallback: OutputFormat,
): OutputFormat => {
  const ending = output === undefined ? '' : extname(output).toLowerCase()
  if (REFUSED.includes(ending))
    throw new InvalidArgumentError(`The output must end in .csv, .jsonl or .xlsx, received ${output}.`)
  if (outputEncoding === 'cp949' && (output === undefined || ending !== '.csv' || json === true))
    throw new InvalidArgumentError('--output-encoding cp949 is for CSV. Set -o to a file that ends in .csv.')
  if (ending === '.xlsx' && (json === true || csv === true || bom === true))
    throw new InvalidArgumentError(`${output} is written as XLSX. Leave out --json, --csv and --bom.`)
  const format = formatOf({ ending, json, csv }, output === undefined ? fallback : 'csv')
  if (bom === true && format !== 'csv')
    throw new InvalidArgumentError(
      `--bom is for CSV, and the output is ${format === 'json' ? 'JSON' : 'text for people'}. Leave it out, or set --csv.`,
    )
  return format
}

const formatOf = (
  { ending, json, csv }: Pick<OutputOptions, 'json' | 'csv'> & { readonly ending: string },
  fallback: OutputFormat,
): OutputFormat => {
  if (ending === '.xlsx') return 'xlsx'
  if (json === true) return 'json'
  if (csv === true) return 'csv'
  return ['.jsonl', '.ndjson', '.json'].includes(ending) ? 'json' : fallback
}

/** What decides about the columns of a table. */
export interface AnswerColumns {
  /** Of the answers. */
  readonly levels: readonly string[]
  /** Names of the columns to pass through. */
  readonly others: readonly string[]
  readonly guarantees?: GuaranteeColumns | undefined
}

/**
 * Opens the output and writes its header.
 * @throws KicError `cli/write-failed`
 */
export const openAnswerOutput = async (
  format: OutputFormat,
  { output, bom, outputEncoding }: OutputOptions,
  columns: AnswerColumns,
  io: Io,
): Promise<AnswerOutput> => {
  const { levels, others, guarantees } = columns
  if (format === 'xlsx' && output !== undefined) return openSheet(output, columns, io)
  const { header, row } =
    format === 'json' ? jsonFormat : format === 'words' ? humanFormat : answersCsv(levels, others, guarantees)
  const file = output === undefined ? undefined : await openOutputFile(output)
  const encode = outputEncoding === 'cp949' ? await cp949Encoder() : (text: string) => text
  const write = file === undefined ? io.out : (text: string) => file.write(encode(text))
  const start = format === 'csv' && bom === true ? `\ufeff${header}` : header
  if (start !== '') await write(start)
  return {
    partial: file?.partial,
    write: (answers) => write(answers.map(row).join('')),
    finish: async () => file?.finish(),
    keep: async () => file?.keep(),
  }
}

const cp949Encoder = async (): Promise<(text: string) => Uint8Array> => {
  const { encodeText } = await import('@kic/data/node')
  return (text) => encodeText(text, 'cp949', 'throw', 'kic predict')
}

const openSheet = async (
  path: string,
  { levels, others, guarantees }: AnswerColumns,
  io: Io,
): Promise<AnswerOutput> => {
  const { openXlsxWriter } = await import('@kic/data/node')
  const { columns, cells } = answerTable(levels, others, guarantees)
  const file = await openXlsxWriter(path, { columns })
  return {
    partial: file.partial,
    write: (answers) => file.write(answers.map(cells)),
    finish: async () => {
      await file.finish()
      if (file.cutTexts > 0)
        io.err(`${file.cutTexts} texts exceed the length of a cell; they were cut and end in …\n`)
    },
    keep: () => file.keep(),
  }
}
