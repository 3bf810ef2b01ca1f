import { generateRows } from '@kic/korean-answers'
import iconv from 'iconv-lite'

/** What a spreadsheet would run. */
export const FORMULA = '=HYPERLINK("http://example.invalid","click")'

/** A CSV file of generated answers, with one cell that is a formula and one row that cannot be coded. */
export const sampleCsv = (rows: number, encoding: 'utf-8' | 'cp949'): Buffer => {
  const lines = ['번호,장소,하는 일,비고']
  for (const row of generateRows({ rows: rows - 2, seed: 7 })) {
    const cells = [row.id, row.object, [row.method, row.deal].filter(Boolean).join(' '), '']
    lines.push(cells.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','))
  }
  // The last syllables are in cp949, but not in the smaller EUC-KR.
  lines.push(`formula,식당,한식 판매 뷁 쀍,"${FORMULA.replaceAll('"', '""')}"`, 'empty,,,')
  return iconv.encode(`${lines.join('\r\n')}\r\n`, encoding)
}
