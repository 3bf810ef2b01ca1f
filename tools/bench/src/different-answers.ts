import { joinFields } from '@kic/data'
import { type GeneratedRow, generateRows } from '@kic/korean-answers'

/** So many generated answers, all different: predictors compute equal ones once. */
export const differentAnswers = (count: number): GeneratedRow[] => {
  const answers = new Map<string, GeneratedRow>()
  for (const answer of generateRows({ rows: 2 * count, seed: 'bench', repeats: 0 })) {
    if (answers.size === count) break
    answers.set(joinFields(answer), answer)
  }
  if (answers.size < count) throw new Error(`the generator gave only ${answers.size} different answers`)
  return [...answers.values()]
}
