import type { PredictorInfo } from '@kic/predictor'
import { useRef, useState } from 'preact/hooks'
import { BatchResults } from './batch-results.tsx'
import type { CodedRow } from './coded-row.ts'
import { predictAll } from './coder.ts'
import { ColumnChoice } from './column-choice.tsx'
import { type Coverage, CoverageChoice } from './coverage-choice.tsx'
import { DropZone } from './drop-zone.tsx'
import { messageOf } from './message-of.ts'
import type { Messages } from './messages.ts'
import { openTable } from './open-table.ts'
import { rowText, type Table, textColumns } from './table.ts'

/** Where many rows are on their way from a text field or file to their codes. */
type Stage =
  | { readonly kind: 'empty'; readonly problem?: string | undefined }
  | { readonly kind: 'columns'; readonly table: Table; readonly name: string; readonly note: string }
  | { readonly kind: 'working'; readonly done: number; readonly all: number }
  | {
      readonly kind: 'done'
      readonly columns: readonly string[]
      readonly rows: readonly CodedRow[]
      readonly name: string
    }

/** Many rows at once: pasted lines, or a file. */
export const BatchInput = ({ t, info }: { readonly t: Messages; readonly info: PredictorInfo }) => {
  const [stage, setStage] = useState<Stage>({ kind: 'empty' })
  const [pasted, setPasted] = useState('')
  const [chosen, setChosen] = useState<readonly number[]>([])
  const [coverage, setCoverage] = useState<Coverage>(0.9)
  const guaranteed = info.calibration?.guarantees !== undefined
  const run = useRef(0)

  const code = async (table: Table, columns: readonly number[], name: string): Promise<void> => {
    const mine = ++run.current
    const all = table.rows.length
    if (all === 0) return setStage({ kind: 'empty', problem: t.noText })
    setStage({ kind: 'working', done: 0, all })
    try {
      const predictions = await predictAll(
        table.rows.map((row) => rowText(row, columns)),
        guaranteed ? coverage : undefined,
        (done) => {
          if (run.current !== mine) return false
          setStage({ kind: 'working', done, all })
          return true
        },
      )
      if (run.current !== mine) return
      const rows = table.rows.flatMap((cells, i) => {
        const prediction = predictions[i]
        return prediction === undefined ? [] : [{ cells, prediction }]
      })
      setStage({ kind: 'done', columns: table.columns, rows, name })
    } catch (error) {
      if (run.current === mine) setStage({ kind: 'empty', problem: messageOf(error) })
    }
  }

  const codePasted = (): void => {
    const rows = pasted
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .map((line) => [line])
    void code({ columns: [t.text], rows, delimiter: '\n' }, [0], 'pasted')
  }

  const open = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    try {
      const { table, encoding } = await openTable(file, t)
      setChosen(textColumns(table, t.letters))
      setStage({ kind: 'columns', table, name: file.name, note: t.encoding(encoding) })
    } catch (error) {
      setStage({ kind: 'empty', problem: messageOf(error) })
    }
  }

  return (
    <section>
      <h2>{t.many}</h2>
      <div class="card">
        <p>{t.manyHint}</p>
        {guaranteed && <CoverageChoice t={t} coverage={coverage} onCoverage={setCoverage} />}
        <label for="pasted">{t.paste}</label>
        <textarea
          id="pasted"
          rows={4}
          lang={t.textLanguage}
          value={pasted}
          onInput={(event) => setPasted(event.currentTarget.value)}
        />
        <p>
          <button type="button" disabled={pasted.trim() === ''} onClick={codePasted}>
            {t.codePasted}
          </button>
        </p>
        <DropZone
          choose={t.chooseFile}
          hint={t.dropFile}
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          onChoose={([file]) => void open(file)}
          onDrop={({ files }) => void open(files[0])}
        />
        {stage.kind === 'empty' && stage.problem !== undefined && (
          <p role="alert" class="error">
            {stage.problem}
          </p>
        )}
        {stage.kind === 'columns' && (
          <fieldset class="columns">
            <legend>
              {stage.name}: {t.whichColumns} <span class="muted">{stage.note}</span>
            </legend>
            <ColumnChoice kind="checkbox" table={stage.table} chosen={chosen} onChoose={setChosen} />
            <button
              type="button"
              disabled={chosen.length === 0}
              onClick={() => void code(stage.table, chosen, stage.name)}
            >
              {t.start}
            </button>
          </fieldset>
        )}
        {stage.kind === 'working' && (
          <div role="status">
            <progress max={stage.all} value={stage.done} aria-label={t.working(stage.done, stage.all)} />
            <p>
              {t.working(stage.done, stage.all)}{' '}
              <button
                type="button"
                onClick={() => {
                  run.current++
                  setStage({ kind: 'empty' })
                }}
              >
                {t.cancel}
              </button>
            </p>
          </div>
        )}
      </div>
      {stage.kind === 'done' && (
        <BatchResults
          key={run.current}
          t={t}
          info={info}
          columns={stage.columns}
          coded={stage.rows}
          name={stage.name}
        />
      )}
    </section>
  )
}
