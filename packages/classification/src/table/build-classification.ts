import { type Classification, type ClassificationNode, createClassification } from '../classification.ts'
import { checkRepeats } from './check-repeats.ts'
import { byDepth, type Entry, quoted } from './entry.ts'
import type { TableFailure } from './table-error.ts'

/** Names of levels whose table names none: those of the industry classifications where sections are letters. */
const usualLevels = (levels: readonly (readonly Entry[])[]): readonly string[] => {
  const [top = [], second] = levels
  const letters = second !== undefined && top.every(({ code }) => /^\p{L}$/u.test(code))
  const names = ['section', 'division', 'group', 'class', 'subclass']
  return letters && levels.length <= names.length ? names : levels.map((_, depth) => `level${depth + 1}`)
}

const nodeOf = ({ code, name, english, parent }: Entry): ClassificationNode => ({
  code,
  name,
  parent: parent?.code,
  english: english === '' ? undefined : english,
})

const checkNames = (entries: readonly Entry[], fail: TableFailure): void => {
  const nameless = entries.filter(({ name }) => name === '')
  if (nameless.length > 0)
    throw fail(
      'classification/empty-name',
      'every class must have a name',
      nameless.map(({ line, code }) => ({ line, received: `none for ${quoted(code)}` })),
      'Add the name, or repeat the code.',
    )
}

/**
 * The classification of classes in their places.
 *
 * @param named names of the levels, coarsest first, where they are known
 * @throws KicError `classification/empty-name`, `classification/duplicate-code`, `classification/unknown-level` for other
 * names than there are levels.
 */
export const buildClassification = (
  name: string,
  entries: readonly Entry[],
  named: readonly string[] | undefined,
  fail: TableFailure,
): Classification => {
  const levels = byDepth(entries)
  checkNames(entries, fail)
  for (const level of levels) checkRepeats(level, fail)
  if (named !== undefined && named.length !== levels.length)
    throw fail(
      'classification/unknown-level',
      `the table has ${levels.length} levels, received ${named.length} names (${named.join(', ')})`,
      [],
      'Give as many names, or read fewer levels by the option depth.',
    )
  const names = named ?? usualLevels(levels)
  return createClassification(
    name,
    levels.map((level, depth) => ({ name: names[depth] ?? `level${depth + 1}`, nodes: level.map(nodeOf) })),
  )
}
