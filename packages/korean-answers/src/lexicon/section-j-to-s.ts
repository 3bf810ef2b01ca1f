import type { LexiconEntry } from './lexicon-entry.ts'
import { lexiconJ61To63 } from './section-j-61-63.ts'
import { lexiconJ581To591 } from './section-j-581-591.ts'
import { lexiconJ592To602 } from './section-j-592-602.ts'
import { lexiconK64 } from './section-k-64.ts'
import { lexiconK65To66 } from './section-k-65-66.ts'
import { lexiconL } from './section-l.ts'
import { lexiconM70 } from './section-m-70.ts'
import { lexiconM711To713 } from './section-m-711-713.ts'
import { lexiconM714To716 } from './section-m-714-716.ts'
import { lexiconM721To731 } from './section-m-721-731.ts'
import { lexiconM732To739 } from './section-m-732-739.ts'
import { lexiconN74To75 } from './section-n-74-75.ts'
import { lexiconN76 } from './section-n-76.ts'
import { lexiconO } from './section-o.ts'
import { lexiconP851To854 } from './section-p-851-854.ts'
import { lexiconP855To857 } from './section-p-855-857.ts'
import { lexiconQ } from './section-q.ts'
import { lexiconR } from './section-r.ts'
import { lexiconS94To95 } from './section-s-94-95.ts'
import { lexiconS96 } from './section-s-96.ts'

/** Every group of the sections J to S (divisions 58 to 96). */
export const lexiconJToS: readonly LexiconEntry[] = [
  ...lexiconJ581To591,
  ...lexiconJ592To602,
  ...lexiconJ61To63,
  ...lexiconK64,
  ...lexiconK65To66,
  ...lexiconL,
  ...lexiconM70,
  ...lexiconM711To713,
  ...lexiconM714To716,
  ...lexiconM721To731,
  ...lexiconM732To739,
  ...lexiconN74To75,
  ...lexiconN76,
  ...lexiconO,
  ...lexiconP851To854,
  ...lexiconP855To857,
  ...lexiconQ,
  ...lexiconR,
  ...lexiconS94To95,
  ...lexiconS96,
]
