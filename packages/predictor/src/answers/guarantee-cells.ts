import { listedLabel } from '@kic/data'
import type { Novelty } from '../guarantees/novelty.ts'
import type { LevelCode } from './level-code.ts'
import type { Prediction } from './prediction.ts'

/** Columns that not every answer needs. */
export interface GuaranteeColumns {
  /** For each level the codes of its set. */
  readonly sets?: boolean | undefined
  /** How strange the text is: the p-value, and a mark. */
  readonly novelty?: boolean | undefined
}

/** Columns of guarantees, and their cells for an answer; empty for unusable texts. */
export interface GuaranteeCells {
  readonly columns: readonly string[]
  cells(prediction: Prediction): readonly (string | number)[]
}

/** '952:0.9345 451:0.0210', with labels as `listedLabel` writes them. */
export const withConfidences = (codes: readonly LevelCode[]): string =>
  codes.map(({ code, confidence }) => `${listedLabel(code)}:${confidence.toFixed(4)}`).join(' ')

const noveltyCells = (novelty: Novelty | undefined): readonly (string | number)[] =>
  novelty === undefined ? ['', ''] : [Number(novelty.pValue.toFixed(4)), novelty.novel ? 'yes' : '']

/** What a model guarantees about an answer, as cells of any table. */
export const guaranteeCells = (
  levels: readonly string[],
  { sets = false, novelty = false }: GuaranteeColumns,
): GuaranteeCells => {
  const columns = [
    ...(sets ? levels.map((level) => `${level}_set`) : []),
    ...(novelty ? ['novelty', 'novel'] : []),
  ]
  return {
    columns,
    cells: (prediction) => {
      if (prediction.status === 'unusable') return columns.map(() => '')
      const { sets: found, novelty: strange } = prediction
      return [
        ...(sets ? levels.map((level) => withConfidences(found?.[level] ?? [])) : []),
        ...(novelty ? noveltyCells(strange) : []),
      ]
    },
  }
}
