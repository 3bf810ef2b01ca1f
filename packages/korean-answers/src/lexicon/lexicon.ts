import type { LexiconEntry } from './lexicon-entry.ts'
import { lexiconABC23To34 } from './section-a-b-c-23-34.ts'
import { lexiconC10To22 } from './section-c-10-22.ts'
import { lexiconDToI } from './section-d-to-i.ts'
import { lexiconJToS } from './section-j-to-s.ts'

/** The words of all 225 groups that occur in the competition, in the order of their codes. */
export const lexicon: readonly LexiconEntry[] = [
  ...lexiconABC23To34,
  ...lexiconC10To22,
  ...lexiconDToI,
  ...lexiconJToS,
].sort((a, b) => (a.group < b.group ? -1 : 1))
