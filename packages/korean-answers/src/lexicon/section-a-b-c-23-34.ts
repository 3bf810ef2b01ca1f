import type { LexiconEntry } from './lexicon-entry.ts'
import { lexiconA } from './section-a.ts'
import { lexiconB } from './section-b.ts'
import { lexiconC23 } from './section-c-23.ts'
import { lexiconC24 } from './section-c-24.ts'
import { lexiconC25 } from './section-c-25.ts'
import { lexiconC26 } from './section-c-26.ts'
import { lexiconC27 } from './section-c-27.ts'
import { lexiconC28 } from './section-c-28.ts'
import { lexiconC29 } from './section-c-29.ts'
import { lexiconC30 } from './section-c-30.ts'
import { lexiconC31 } from './section-c-31.ts'
import { lexiconC32 } from './section-c-32.ts'
import { lexiconC33 } from './section-c-33.ts'
import { lexiconC34 } from './section-c-34.ts'

/** Every group of the sections A and B and of the divisions 23 to 34 that occurs. */
export const lexiconABC23To34: readonly LexiconEntry[] = [
  ...lexiconA,
  ...lexiconB,
  ...lexiconC23,
  ...lexiconC24,
  ...lexiconC25,
  ...lexiconC26,
  ...lexiconC27,
  ...lexiconC28,
  ...lexiconC29,
  ...lexiconC30,
  ...lexiconC31,
  ...lexiconC32,
  ...lexiconC33,
  ...lexiconC34,
]
