import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ksic10 } from '@kic/classification/ksic'
import type { Row } from '@kic/data'
import { loadRows } from '@kic/data/node'
import { answerToRow } from '@kic/korean-answers'
import { evaluationRows } from '@kic/korean-answers/evaluation'
import type { LabelledText } from '@kic/predictor'

/** Labelled texts that no published model learned from. */
export interface EvaluationTexts {
  readonly name: string
  readonly rows: readonly LabelledText[]
}

/** The answers that were written by hand. */
export const handWritten = (): EvaluationTexts => ({
  name: 'hand-written answers',
  rows: labelled(evaluationRows.map((answer, i) => answerToRow(answer, i))),
})

/** Real index terms of the classification, if present: for measurements alone, never for training. */
const INDEX_TERMS = join(import.meta.dirname, '../../../../shared/data/ksic/dev.tsv')

/** Everything that models are measured on here. */
export const evaluationTexts = async (): Promise<readonly EvaluationTexts[]> => {
  if (!existsSync(INDEX_TERMS)) return [handWritten()]
  const { rows } = await loadRows(INDEX_TERMS, { classification: ksic10 })
  return [handWritten(), { name: 'index terms of the classification', rows: labelled(rows) }]
}

const labelled = (rows: readonly Row[]): LabelledText[] =>
  rows.flatMap(({ text, labels }) => (labels === undefined ? [] : [{ text, labels }]))
