export type { EvaluationRow } from './evaluation/evaluation-row.ts'
export { evaluationRows } from './evaluation/rows.ts'
