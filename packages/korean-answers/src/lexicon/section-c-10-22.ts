import type { LexiconEntry } from './lexicon-entry.ts'
import { lexiconC11To13 } from './section-c-11-13.ts'
import { lexiconC17To19 } from './section-c-17-19.ts'
import { lexiconC22 } from './section-c-22.ts'
import { lexiconC101To104 } from './section-c-101-104.ts'
import { lexiconC105To108 } from './section-c-105-108.ts'
import { lexiconC141To151 } from './section-c-141-151.ts'
import { lexiconC152To163 } from './section-c-152-163.ts'
import { lexiconC201To204 } from './section-c-201-204.ts'
import { lexiconC205To213 } from './section-c-205-213.ts'

/** KSIC divisions 10 to 22: food, textiles, wood, paper, chemicals, pharmaceuticals, rubber and plastics. */
export const lexiconC10To22: readonly LexiconEntry[] = [
  ...lexiconC101To104,
  ...lexiconC105To108,
  ...lexiconC11To13,
  ...lexiconC141To151,
  ...lexiconC152To163,
  ...lexiconC17To19,
  ...lexiconC201To204,
  ...lexiconC205To213,
  ...lexiconC22,
]
