import type { EvaluationRow } from './evaluation-row.ts'
import { rowsAB } from './rows-a-b.ts'
import { rowsC10To18 } from './rows-c-10-18.ts'
import { rowsC19To25 } from './rows-c-19-25.ts'
import { rowsC26To34 } from './rows-c-26-34.ts'
import { rowsDF } from './rows-d-f.ts'
import { rowsG } from './rows-g.ts'
import { rowsHI } from './rows-h-i.ts'
import { rowsIrregular } from './rows-irregular.ts'
import { rowsJM } from './rows-j-m.ts'
import { rowsNP } from './rows-n-p.ts'
import { rowsQS } from './rows-q-s.ts'

/**
 * Answers written one by one in the style of real survey answers, at least three for each of the 225 groups that occur:
 * short, often run together, at times misspelt, out of order or cut short. No template and no lexicon produced them, so a
 * model trained on generated rows can be judged on them.
 */
export const evaluationRows: readonly EvaluationRow[] = [
  ...rowsAB,
  ...rowsC10To18,
  ...rowsC19To25,
  ...rowsC26To34,
  ...rowsDF,
  ...rowsG,
  ...rowsHI,
  ...rowsJM,
  ...rowsNP,
  ...rowsQS,
  ...rowsIrregular,
].map(([group, object, method, deal]) => ({ group, object, method, deal }))
