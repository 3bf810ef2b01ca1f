import type { CodePointRanges } from '../code-point-ranges.ts'
import { type CodePointSet, codePointSet } from '../unicode/code-point-set.ts'
import { type PatternNode, PatternSyntaxError } from './pattern-syntax.ts'

/** One step of a pattern's program; `next` and `other` are indices of steps. */
export type Step =
  | { readonly kind: 'character'; readonly isIn: CodePointSet; readonly next: number }
  | { readonly kind: 'ahead'; readonly isIn: CodePointSet; readonly negative: boolean; readonly next: number }
  /** Continues at both, `next` before `other`. */
  | { readonly kind: 'fork'; readonly next: number; readonly other: number }
  | { readonly kind: 'match' }

/** A program: its steps, and the index of the first. */
export interface Program {
  readonly steps: readonly Step[]
  readonly start: number
}

const MAX_STEPS = 1000

const canBeEmpty = (node: PatternNode): boolean => {
  switch (node.kind) {
    case 'class':
      return false
    case 'ahead':
      return true
    case 'sequence':
      return node.parts.every(canBeEmpty)
    case 'choice':
      return node.options.some(canBeEmpty)
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.part)
  }
}

/**
 * Compiles a pattern back to front, so each part knows its continuation (Thompson 1968).
 *
 * @throws PatternSyntaxError for a pattern that matches nothing at all, or one of more than 1,000 steps.
 */
export const compilePattern = (root: PatternNode): Program => {
  if (canBeEmpty(root)) throw new PatternSyntaxError('it matches the empty text')
  const steps: Step[] = []
  const sets = new Map<string, CodePointSet>()
  const setOf = (ranges: CodePointRanges): CodePointSet => {
    const key = ranges.join()
    const known = sets.get(key) ?? codePointSet(ranges)
    sets.set(key, known)
    return known
  }
  const add = (step: Step): number => {
    if (steps.length === MAX_STEPS) throw new PatternSyntaxError(`it has more than ${MAX_STEPS} steps`)
    return steps.push(step) - 1
  }
  const fork = (enter: number, leave: number, lazy: boolean): number =>
    add({ kind: 'fork', next: lazy ? leave : enter, other: lazy ? enter : leave })

  const compile = (node: PatternNode, next: number): number => {
    switch (node.kind) {
      case 'class':
        return add({ kind: 'character', isIn: setOf(node.ranges), next })
      case 'ahead':
        return add({ kind: 'ahead', isIn: setOf(node.ranges), negative: node.negative, next })
      case 'sequence':
        return node.parts.reduceRight((after, part) => compile(part, after), next)
      case 'choice':
        return node.options
          .map((option) => compile(option, next))
          .reduceRight((other, option) => add({ kind: 'fork', next: option, other }))
      case 'repeat':
        return repeat(node, next)
    }
  }
  const repeat = ({ part, min, max, lazy }: PatternNode & { kind: 'repeat' }, next: number): number => {
    if (canBeEmpty(part)) throw new PatternSyntaxError('a repetition of what may be empty')
    let at = next
    if (max === Number.POSITIVE_INFINITY) {
      // The loop's fork must exist before its body, which leads back to it.
      const loop = add({ kind: 'match' })
      const body = compile(part, loop)
      steps[loop] = { kind: 'fork', next: lazy ? next : body, other: lazy ? body : next }
      at = loop
    } else {
      for (let i = min; i < max; i++) at = fork(compile(part, at), next, lazy)
    }
    for (let i = 0; i < min; i++) at = compile(part, at)
    return at
  }
  const end = add({ kind: 'match' })
  return { start: compile(root, end), steps }
}
