import type { EvaluationRow } from './evaluation-row.ts'
import { rowsAB } from './rows-a-b.ts'
import { rowsC10To18 } from './rows-c-10-18.ts'
import { rowsC19To25 } from './rows-c-19-25.ts'
import { rowsC26To28 } from './rows-c-26-28.ts'
import { rowsC29To34 } from './rows-c-29-34.ts'
import { rowsDF } from './rows-d-f.ts'
import { rowsG } from './rows-g.ts'
import { rowsHI } from './rows-h-i.ts'
import { rowsIrregular } from './rows-irregular.ts'
import { rowsJL } from './rows-j-l.ts'
import { rowsM } from './rows-m.ts'
import { rowsNP } from './rows-n-p.ts'
import { rowsQS } from './rows-q-s.ts'

/**
 * Answers written by hand in the style of real survey answers, at least ten for each of the 225 groups that occur: short,
 * often run together, at times misspelt, out of order or cut short. At least a third are bare terms in one field, as an
 * index names an activity or as a respondent answers in a word or two. No template and no lexicon produced them, so a model
 * trained on generated rows can be judged on them.
 */
export const evaluationRows: readonly EvaluationRow[] = [
  ...rowsAB,
  ...rowsC10To18,
  ...rowsC19To25,
  ...rowsC26To28,
  ...rowsC29To34,
  ...rowsDF,
  ...rowsG,
  ...rowsHI,
  ...rowsJL,
  ...rowsM,
  ...rowsNP,
  ...rowsQS,
  ...rowsIrregular,
].map(([group, object, method, deal]) => ({ group, object, method, deal }))
