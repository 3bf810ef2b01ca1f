import type { LexiconEntry } from './lexicon-entry.ts'
import { lexiconC10 } from './section-c-10.ts'
import { lexiconC11To13 } from './section-c-11-13.ts'
import { lexiconC14To16 } from './section-c-14-16.ts'
import { lexiconC17To19 } from './section-c-17-19.ts'
import { lexiconC20To21 } from './section-c-20-21.ts'
import { lexiconC22 } from './section-c-22.ts'

/** KSIC divisions 10 to 22: food, textiles, wood, paper, chemicals, pharmaceuticals, rubber and plastics. */
export const lexiconC10To22: readonly LexiconEntry[] = [
  ...lexiconC10,
  ...lexiconC11To13,
  ...lexiconC14To16,
  ...lexiconC17To19,
  ...lexiconC20To21,
  ...lexiconC22,
]
