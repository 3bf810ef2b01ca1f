import { defined } from '@kic/core'
import type { PredictorInfo } from '@kic/predictor'
import { expectationAt } from '@kic/scores'
import { useMemo, useState } from 'preact/hooks'
import { CodeName } from './code-name.tsx'
import { type CodedRow, codedCsv, type RowStatus, rowCodes, rowStatus } from './coded-row.ts'
import { download } from './download.ts'
import { percent } from './format.ts'
import type { Messages } from './messages.ts'
import { Review } from './review.tsx'

interface Props {
  readonly t: Messages
  readonly info: PredictorInfo
  readonly columns: readonly string[]
  readonly coded: readonly CodedRow[]
  readonly name: string
}

/** Rows that the table shows. */
const SHOWN = 20
const STATUSES: readonly RowStatus[] = ['automatic', 'review', 'person', 'unusable']

/** Coded rows: the number to review, each of these in turn, and all of them as a file. */
export const BatchResults = ({ t, info, columns, coded, name }: Props) => {
  const [rows, setRows] = useState(coded)
  const [threshold, setThreshold] = useState(0.5)
  const counts = useMemo(() => {
    const counted: Record<RowStatus, number> = { automatic: 0, review: 0, person: 0, unusable: 0 }
    for (const row of rows) counted[rowStatus(row, threshold)]++
    return counted
  }, [rows, threshold])
  const finest = info.levels.at(-1) ?? ''
  const save = (): void => {
    const csv = codedCsv(columns, rows, info, threshold)
    const type = 'text/csv;charset=utf-8'
    download(`${name.replace(/\.[^.]*$/, '')}-coded.csv`, new Blob([csv], { type }))
  }
  return (
    <>
      <div class="card">
        <h3>{t.results(rows.length)}</h3>
        <dl class="counts">
          {STATUSES.map((status) => (
            <div key={status}>
              <dt>{t.counts[status]}</dt>
              <dd>{counts[status]}</dd>
            </div>
          ))}
        </dl>
        <label for="threshold">
          {t.threshold} <output>{percent(threshold)}</output>
        </label>
        <input
          id="threshold"
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          value={threshold}
          onInput={(event) => setThreshold(Number(event.currentTarget.value))}
        />
        <Expectation t={t} info={info} threshold={threshold} />
        <button type="button" onClick={save}>
          {t.download}
        </button>
      </div>
      <Review t={t} info={info} rows={rows} threshold={threshold} onRows={setRows} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard */}
      <section class="card scroll" tabIndex={0} aria-labelledby="rows">
        <table>
          <caption id="rows">{t.firstRows(Math.min(SHOWN, rows.length), rows.length)}</caption>
          <thead>
            <tr>
              <th scope="col">{t.text}</th>
              <th scope="col">{t.levels[finest] ?? finest}</th>
              <th scope="col">{t.confidence}</th>
              <th scope="col">{t.status}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((row, i) => {
              const code = rowCodes(row, info).at(-1)
              return (
                <tr key={i}>
                  <td lang={t.textLanguage}>{row.prediction.text}</td>
                  <td>{code && <CodeName {...code} lang={t.textLanguage} />}</td>
                  <td>{row.prediction.status === 'unusable' ? '' : percent(row.prediction.confidence)}</td>
                  <td>{t.counts[rowStatus(row, threshold)]}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </section>
    </>
  )
}

/** The expected result at a threshold, by the model's validation rows. */
const Expectation = ({
  t,
  info,
  threshold,
}: {
  readonly t: Messages
  readonly info: PredictorInfo
  readonly threshold: number
}) => {
  const curve = info.calibration?.curve
  if (curve === undefined) return null
  const { automatic, accuracy } = expectationAt(curve, threshold)
  const finest = accuracy[defined(info.levels.at(-1))]
  return <p class="muted">{t.expectation(percent(automatic), finest ? percent(finest.accuracy) : '–')}</p>
}
