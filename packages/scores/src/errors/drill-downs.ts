import { ancestorsOf, finestLevel, levelNames } from '@kic/classification'
import type { JudgedAnswers } from './judged-answers.ts'
import {
  countAt,
  type LevelConfusion,
  levelConfusion,
  type NamedClass,
  namedClasses,
} from './level-confusion.ts'

/** A class of the coarsest level, looked into down to the finest. */
export interface DrillDown {
  readonly parent: NamedClass
  /** Rows of it, and how many of these got the right class of the finest level. */
  readonly support: number
  readonly right: number
  /** Confusions among its own classes of the second level. */
  readonly confusion: LevelConfusion
  /** Its classes of the finest level that have rows, worst first. */
  readonly classes: readonly ClassErrors[]
}

/** How well one class of the finest level does. */
export interface ClassErrors {
  readonly class: NamedClass
  readonly support: number
  readonly right: number
  /** The three classes that it was taken for most often. */
  readonly takenFor: readonly { readonly class: NamedClass; readonly count: number }[]
}

/** Every class of the coarsest level that has rows, down to the finest. */
export const drillDowns = (judged: JudgedAnswers): DrillDown[] => {
  const { classification } = judged
  const [coarsest = '', second = coarsest] = levelNames(classification)
  const finest = levelConfusion(judged, finestLevel(classification))
  const middle = levelConfusion(judged, second)
  return namedClasses(classification, coarsest).flatMap((parent) => {
    const isInside = (level: string) => (code: string) =>
      ancestorsOf(classification, level, code).includes(parent.code)
    const classes = indices(finest, isInside(finest.level))
      .map((row) => classErrors(finest, row))
      .filter(({ support }) => support > 0)
      .sort((a, b) => a.right / a.support - b.right / b.support)
    const support = classes.reduce((sum, row) => sum + row.support, 0)
    if (support === 0) return []
    const right = classes.reduce((sum, row) => sum + row.right, 0)
    return [{ parent, support, right, confusion: part(middle, isInside(second)), classes }]
  })
}

const classErrors = (confusion: LevelConfusion, row: number): ClassErrors => {
  const counts = confusion.classes.map((other, column) => ({
    class: other,
    count: countAt(confusion, row, column),
  }))
  return {
    class: confusion.classes[row] ?? { code: '', name: '' },
    support: counts.reduce((sum, { count }) => sum + count, 0),
    right: countAt(confusion, row, row),
    takenFor: counts
      .filter(({ count }, column) => count > 0 && column !== row)
      .sort((a, b) => b.count - a.count)
      .slice(0, 3),
  }
}

const indices = ({ classes }: LevelConfusion, wanted: (code: string) => boolean): number[] =>
  classes.flatMap(({ code }, i) => (wanted(code) ? [i] : []))

/** The confusions among some of the classes. */
const part = (confusion: LevelConfusion, wanted: (code: string) => boolean): LevelConfusion => {
  const kept = indices(confusion, wanted)
  return {
    level: confusion.level,
    classes: kept.flatMap((i) => confusion.classes[i] ?? []),
    counts: kept.flatMap((row) => kept.map((column) => countAt(confusion, row, column))),
  }
}
