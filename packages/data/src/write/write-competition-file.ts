import { type Classification, levelNames } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { KicError } from '@kic/core'
import { competitionLayout } from '../read/layout.ts'
import type { Row } from '../row.ts'
import { type NamedLine, type WriteOptions, writeLines } from './write-lines.ts'

/** How a file in the competition's format is written. */
export interface CompetitionFileOptions extends WriteOptions {
  /** Its first three levels become digit_1 to digit_3; KSIC rev. 10 by default. */
  readonly classification?: Classification
}

const cellsOf = (row: Row, levels: readonly string[]): string[] => {
  const codes = levels.map((level) => (row.labels?.[level] ?? '').replace(/^0+(?=\d)/, ''))
  const { object, method, deal } = row.fields ?? { object: row.text, method: '', deal: '' }
  return [row.id, ...codes, object, method, deal]
}

/**
 * Writes rows in the competition's own format (`|` between cells, no quoting, leading zeros dropped, empty labels for
 * unlabelled rows), so that `readRowBlocks` reads them back. A row without separate fields has its text in text_obj.
 *
 * @returns how many rows were written.
 * @throws KicError `data/unwritable-cell` for a cell with `|` or a line break, `data/unencodable`, `core/write-failed`.
 */
export const writeCompetitionFile = async (
  path: string,
  rows: Iterable<Row> | AsyncIterable<Row>,
  options: CompetitionFileOptions = {},
): Promise<number> => {
  const levels = levelNames(options.classification ?? ksic10).slice(0, 3)
  let written = 0
  async function* lines(): AsyncGenerator<NamedLine> {
    yield { text: (competitionLayout.header ?? []).join('|'), where: 'the header' }
    for await (const row of rows) {
      const cells = cellsOf(row, levels)
      const bad = cells.find((cell) => /[|\r\n]/.test(cell))
      if (bad !== undefined)
        throw new KicError(
          'data/unwritable-cell',
          `writeCompetitionFile: row ${row.id}: the format has no way to write | or a line break inside a cell, received '${bad}'`,
        )
      written += 1
      yield { text: cells.join('|'), where: `row ${row.id}` }
    }
  }
  await writeLines(path, lines(), options)
  return written
}
