import { KicError } from '@kic/core'
import type { ClassificationErrorCode } from './error-code.ts'

/** One class of a classification. */
export interface ClassificationNode {
  /** Unique on its level: 'A', '01', '011'. */
  readonly code: string
  /** Code on the level above; absent on the topmost level. */
  readonly parent?: string | undefined
  /** Official name, in the language of the classification. */
  readonly name: string
  /** Short English name, where one was given. */
  readonly english?: string | undefined
}

/** All classes of one level, in the order of the classification; their positions are the class indices of a model. */
export interface ClassificationLevel {
  readonly name: string
  readonly nodes: readonly ClassificationNode[]
}

/** A classification as plain data: any number of named levels, the coarsest first. */
export interface Classification {
  readonly name: string
  readonly levels: readonly ClassificationLevel[]
}

/** Level name to code, such as `{ section: 'A', division: '01', group: '011' }`; coarser levels are never missing. */
export type Labels = Readonly<Record<string, string>>

/**
 * A classification whose rules were checked: there are levels and codes, each once, and every parent is one level above.
 *
 * @throws KicError `classification/bad-tree` naming the level and the code.
 */
export const createClassification = (
  name: string,
  levels: readonly ClassificationLevel[],
): Classification => {
  const fail = (rule: string): never => {
    throw new KicError<ClassificationErrorCode>(
      'classification/bad-tree',
      `createClassification: ${name}: ${rule}`,
    )
  }
  if (levels.length === 0) fail('there must be at least one level, received none. Give the coarsest first.')
  const names = new Set<string>()
  let above: ReadonlySet<string> | undefined
  for (const { name: level, nodes } of levels) {
    if (names.has(level)) fail(`level names must differ, received '${level}' twice. Rename one.`)
    // Objects list such keys first, and labels are listed from coarse to fine.
    if (/^\d+$/.test(level)) fail(`a level's name must not be a number, received '${level}'. Add a word.`)
    if (nodes.length === 0)
      fail(`a level must have classes, received none at the level '${level}'. Leave it out.`)
    names.add(level)
    above = checkedCodes(level, nodes, above, fail)
  }
  return { name, levels }
}

const checkedCodes = (
  level: string,
  nodes: readonly ClassificationNode[],
  above: ReadonlySet<string> | undefined,
  fail: (rule: string) => never,
): ReadonlySet<string> => {
  const codes = new Set<string>()
  for (const { code, parent } of nodes) {
    if (code === '')
      fail(`a code must not be empty, received one at the level '${level}'. Give every class a code.`)
    if (codes.has(code)) fail(`a level has each code once, received ${level} '${code}' twice. Remove one.`)
    codes.add(code)
    if (above === undefined && parent !== undefined)
      fail(
        `classes of the topmost level have no parent, received '${parent}' for ${level} '${code}'. Leave it out.`,
      )
    if (above !== undefined && (parent === undefined || !above.has(parent)))
      fail(
        `a parent must be a code one level above, received ${parent === undefined ? 'none' : `'${parent}'`} for ` +
          `${level} '${code}'. Correct it, or add the parent.`,
      )
  }
  return codes
}
