import type { Table } from './table.ts'

interface Props {
  /** `radio` for one column, `checkbox` for several. */
  readonly kind: 'radio' | 'checkbox'
  readonly table: Table
  readonly chosen: readonly number[]
  /** Receives the chosen columns in ascending order. */
  readonly onChoose: (chosen: readonly number[]) => void
}

/** The columns of a table, each with its first cell, to choose from. */
export const ColumnChoice = ({ kind, table, chosen, onChoose }: Props) => {
  const change = (column: number, checked: boolean): void => {
    if (kind === 'radio') onChoose([column])
    else if (checked) onChoose([...chosen, column].sort((a, b) => a - b))
    else onChoose(chosen.filter((other) => other !== column))
  }
  return (
    <>
      {table.columns.map((name, column) => (
        <label key={column} class="choice">
          <input
            type={kind}
            name={kind}
            checked={chosen.includes(column)}
            onChange={(event) => change(column, event.currentTarget.checked)}
          />
          <span>
            {name} <span class="muted">{table.rows[0]?.[column]}</span>
          </span>
        </label>
      ))}
    </>
  )
}
