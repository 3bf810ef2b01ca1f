import { type Classification, levelNames } from '@kic/classification'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { competitionLayout } from '../read/layout.ts'
import type { Row } from '../row.ts'
import { type NamedLine, type WriteOptions, writeLines } from './write-lines.ts'

/** Options for writing a file in the competition's format. */
export interface CompetitionFileOptions extends WriteOptions {
  /** The first three levels become digit_1 to digit_3. */
  readonly classification: Classification
}

const cellsOf = (row: Row, levels: readonly string[]): string[] => {
  const codes = levels.map((level) => (row.labels?.[level] ?? '').replace(/^0+(?=\d)/, ''))
  const { object, method, deal } = row.fields ?? { object: row.text, method: '', deal: '' }
  return [row.id, ...codes, object, method, deal]
}

/**
 * Writes rows in the competition's own format (cells separated by `|`, no quotes, no leading zeros, empty labels for
 * unlabelled rows), so that `readRowBlocks` reads them back. A row without separate fields has its text in text_obj.
 *
 * @returns the number of rows written
 * @throws KicError `data/unwritable-cell` for a cell with `|` or a line break, `data/unencodable`, `core/write-failed`
 */
export const writeCompetitionFile = async (
  path: string,
  rows: Iterable<Row> | AsyncIterable<Row>,
  options: CompetitionFileOptions,
): Promise<number> => {
  const levels = levelNames(options.classification).slice(0, 3)
  let written = 0
  async function* lines(): AsyncGenerator<NamedLine> {
    yield { text: (competitionLayout.header ?? []).join('|'), where: 'the header' }
    for await (const row of rows) {
      const cells = cellsOf(row, levels)
      const bad = cells.find((cell) => /[|\r\n]/.test(cell))
      if (bad !== undefined)
        throw new KicError<DataErrorCode>(
          'data/unwritable-cell',
          `writeCompetitionFile: row ${row.id}: a cell cannot contain | or a line break in this format, received '${bad}'. Remove it.`,
        )
      written += 1
      yield { text: cells.join('|'), where: `row ${row.id}` }
    }
  }
  await writeLines(path, lines(), options)
  return written
}
