import { codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { KicError } from '@kic/core'
import type { KoreanAnswersErrorCode } from './error-code.ts'
import type { LexiconEntry } from './lexicon/lexicon-entry.ts'
import { parseEntry } from './lexicon/parse-entry.ts'
import { parseLists } from './lexicon/parse-lists.ts'

// The folder is beside `src` and `dist`, so this module must be directly in either. Bundlers would resolve the address
// if it stood inside of `new URL`.
const OWN = import.meta.url

let entries: readonly LexiconEntry[] | undefined

/**
 * The words of all 225 groups that occur in the competition, in the order of their codes. The first call reads them from the
 * package's files; all calls return the same array.
 *
 * @throws KicError `korean-answers/no-lexicon` where the files cannot be read, as in browsers.
 */
export const readLexicon = (): readonly LexiconEntry[] => {
  if (entries === undefined) {
    const shared = parseLists(readText('shared.txt'))
    entries = codesOf(ksic10Occurring, 'group').map((group) =>
      parseEntry(group, readText(`${group}.txt`), shared),
    )
  }
  return entries
}

const readText = (name: string): string => {
  try {
    // Not imported, because bundlers for browsers would follow the import.
    return process.getBuiltinModule('node:fs').readFileSync(new URL(`../lexicon/${name}`, OWN), 'utf8')
  } catch (cause) {
    throw new KicError<KoreanAnswersErrorCode>(
      'korean-answers/no-lexicon',
      `readLexicon: Node.js must find lexicon/${name} in @kic/korean-answers, received "${String(cause)}". Make the ` +
        'package external and install it beside your bundle; in browsers, pass a `lexicon` of your own to generateRows.',
      { cause },
    )
  }
}
