import { ksic10 } from '@kic/classification/ksic'
import type { Row } from '@kic/data'
import { writeCompetitionFile } from '@kic/data/node'
import { answerToRow, generateRows } from '@kic/korean-answers'
import { peakMegabytes, progress, type Report, rounded } from './report.ts'

/** Writes rows of the project's own dataset in the competition's format, cp949. */
export const generate = async (path: string, rows: number, seed: number): Promise<Report> => {
  const started = performance.now()
  function* answers(): Generator<Row> {
    let position = 0
    for (const row of generateRows({ rows, seed })) {
      yield answerToRow(row, position++)
      if (position % 20_000 === 0) progress('written', position)
    }
  }
  const written = await writeCompetitionFile(path, answers(), { classification: ksic10 })
  const seconds = (performance.now() - started) / 1000
  return {
    rows: written,
    seconds: rounded(seconds, 2),
    rowsPerSecond: rounded(written / seconds),
    peakMegabytes: peakMegabytes(),
  }
}
