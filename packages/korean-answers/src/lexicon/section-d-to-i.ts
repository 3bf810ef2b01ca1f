import type { LexiconEntry } from './lexicon-entry.ts'
import { lexiconDE351To370 } from './section-d-e-351-370.ts'
import { lexiconDE381To390 } from './section-d-e-381-390.ts'
import { lexiconF41 } from './section-f-41.ts'
import { lexiconF421To423 } from './section-f-421-423.ts'
import { lexiconF424To426 } from './section-f-424-426.ts'
import { lexiconG45 } from './section-g-45.ts'
import { lexiconG461To463 } from './section-g-461-463.ts'
import { lexiconG464To468 } from './section-g-464-468.ts'
import { lexiconG471To474 } from './section-g-471-474.ts'
import { lexiconG475To477 } from './section-g-475-477.ts'
import { lexiconG478To479 } from './section-g-478-479.ts'
import { lexiconH49 } from './section-h-49.ts'
import { lexiconH50To52 } from './section-h-50-52.ts'
import { lexiconI55 } from './section-i-55.ts'
import { lexiconI56 } from './section-i-56.ts'

/** Lexicon of KSIC sections D to I: every group of divisions 35-56. */
export const lexiconDToI: readonly LexiconEntry[] = [
  ...lexiconDE351To370,
  ...lexiconDE381To390,
  ...lexiconF41,
  ...lexiconF421To423,
  ...lexiconF424To426,
  ...lexiconG45,
  ...lexiconG461To463,
  ...lexiconG464To468,
  ...lexiconG471To474,
  ...lexiconG475To477,
  ...lexiconG478To479,
  ...lexiconH49,
  ...lexiconH50To52,
  ...lexiconI55,
  ...lexiconI56,
]
