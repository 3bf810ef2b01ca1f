import type { LabelledRow } from '@kic/classifier/in-memory'
import { useMemo, useState } from 'preact/hooks'
import { ColumnChoice } from '../column-choice.tsx'
import type { Encoding } from '../decode-text.ts'
import { DropZone } from '../drop-zone.tsx'
import { messageOf } from '../message-of.ts'
import { openTable } from '../open-table.ts'
import type { Table } from '../table.ts'
import { guessedColumns, labelledRows } from './labelled-rows.ts'
import { PASSES } from './training-config.ts'
import type { TrainingMessages } from './training-messages.ts'

/** What the visitor chose to train on. */
export interface Chosen {
  readonly rows: readonly LabelledRow[]
  readonly passes: number
}

interface Opened {
  readonly name: string
  readonly encoding: Encoding
  readonly table: Table
}

interface Props {
  readonly t: TrainingMessages
  /** While a training runs. */
  readonly disabled: boolean
  readonly onStart: (chosen: Chosen) => void
}

/** A file of coded texts, and its columns. */
export const ChooseRows = ({ t, disabled, onStart }: Props) => {
  const [opened, setOpened] = useState<Opened>()
  const [problem, setProblem] = useState<string>()
  const [texts, setTexts] = useState<readonly number[]>([])
  const [label, setLabel] = useState(-1)
  const [passes, setPasses] = useState(PASSES)
  const rows = useMemo(
    () => (opened === undefined ? [] : labelledRows(opened.table, texts, label)),
    [opened, texts, label],
  )
  const labels = useMemo(() => new Set(rows.map((row) => ('label' in row ? row.label : ''))).size, [rows])

  const open = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    try {
      const { table, encoding } = await openTable(file, t)
      const { texts: chosen, label: found } = guessedColumns(table)
      setOpened({ name: file.name, encoding, table })
      setTexts(chosen)
      setLabel(found)
      setProblem(undefined)
    } catch (error) {
      setOpened(undefined)
      setProblem(messageOf(error))
    }
  }

  return (
    <section aria-labelledby="rows">
      <h2 id="rows">{t.rows}</h2>
      <div class="card">
        <p>{t.rowsHint}</p>
        <DropZone
          choose={t.chooseFile}
          hint={t.dropFile}
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          disabled={disabled}
          onChoose={([file]) => void open(file)}
          onDrop={({ files }) => void open(files[0])}
        />
        {problem !== undefined && (
          <p role="alert" class="error">
            {problem}
          </p>
        )}
        {opened !== undefined && (
          <form
            onSubmit={(event) => {
              event.preventDefault()
              onStart({ rows, passes })
            }}
          >
            <p role="status">
              <strong>{opened.name}</strong> <span class="muted">{t.encoding(opened.encoding)}</span>
            </p>
            <fieldset class="columns" disabled={disabled}>
              <legend>{t.textColumns}</legend>
              <ColumnChoice kind="checkbox" table={opened.table} chosen={texts} onChoose={setTexts} />
            </fieldset>
            <fieldset class="columns" disabled={disabled}>
              <legend>{t.labelColumn}</legend>
              <ColumnChoice
                kind="radio"
                table={opened.table}
                chosen={[label]}
                onChoose={([column = -1]) => setLabel(column)}
              />
            </fieldset>
            <p class="passes">
              <label for="passes">{t.passes}</label>
              <input
                id="passes"
                type="number"
                min="1"
                max="100"
                required
                value={passes}
                disabled={disabled}
                aria-describedby="passes-hint"
                onInput={(event) => setPasses(event.currentTarget.valueAsNumber)}
              />
              <span id="passes-hint" class="muted">
                {t.passesHint}
              </span>
            </p>
            {labels < 2 && <p class="muted">{t.noLabels}</p>}
            <button type="submit" disabled={disabled || labels < 2 || texts.length === 0}>
              {t.start(rows.length, labels)}
            </button>
          </form>
        )}
      </div>
    </section>
  )
}
