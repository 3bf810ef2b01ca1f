import type { LexiconEntry } from './lexicon-entry.ts'
import { lexiconA } from './section-a.ts'
import { lexiconB } from './section-b.ts'
import { lexiconC23 } from './section-c-23.ts'
import { lexiconC24 } from './section-c-24.ts'
import { lexiconC25 } from './section-c-25.ts'
import { lexiconC26 } from './section-c-26.ts'
import { lexiconC30 } from './section-c-30.ts'
import { lexiconC31 } from './section-c-31.ts'
import { lexiconC32 } from './section-c-32.ts'
import { lexiconC34 } from './section-c-34.ts'
import { lexiconC271 } from './section-c-271.ts'
import { lexiconC272To274 } from './section-c-272-274.ts'
import { lexiconC281To283 } from './section-c-281-283.ts'
import { lexiconC284To289 } from './section-c-284-289.ts'
import { lexiconC291 } from './section-c-291.ts'
import { lexiconC292 } from './section-c-292.ts'
import { lexiconC331To333 } from './section-c-331-333.ts'
import { lexiconC334To339 } from './section-c-334-339.ts'

/** Every group of the sections A and B and of the divisions 23 to 34 that occurs. */
export const lexiconABC23To34: readonly LexiconEntry[] = [
  ...lexiconA,
  ...lexiconB,
  ...lexiconC23,
  ...lexiconC24,
  ...lexiconC25,
  ...lexiconC26,
  ...lexiconC271,
  ...lexiconC272To274,
  ...lexiconC281To283,
  ...lexiconC284To289,
  ...lexiconC291,
  ...lexiconC292,
  ...lexiconC30,
  ...lexiconC31,
  ...lexiconC32,
  ...lexiconC331To333,
  ...lexiconC334To339,
  ...lexiconC34,
]
