import {
  ancestorsOf,
  type Classification,
  codesOf,
  finestLevel,
  levelNames,
  nodeOf,
} from '@kic/classification'
import { confusionMatrix } from '@kic/scores'
import type { ConfusedPair, DrillDown, LevelConfusion, NamedClass } from './report-data.ts'

/** Predicted and actual class numbers of the test rows at every level, and the rows' texts. */
export interface Judged {
  readonly classification: Classification
  readonly predicted: Readonly<Record<string, Int32Array>>
  readonly actual: Readonly<Record<string, Int32Array>>
  readonly texts: readonly string[]
}

/** The confusion matrix of a level. */
export const levelConfusion = (
  { classification, predicted, actual }: Judged,
  level: string,
): LevelConfusion => {
  const classes = namedClasses(classification, level)
  return {
    level,
    classes,
    counts: confusionMatrix(predicted[level] ?? [], actual[level] ?? [], classes.length),
  }
}

/** Every class of the coarsest level, down to the finest. */
export const drillDowns = (judged: Judged): DrillDown[] => {
  const { classification } = judged
  const [coarsest = '', middle = ''] = levelNames(classification)
  const [finest, division] = [
    levelConfusion(judged, finestLevel(classification)),
    levelConfusion(judged, middle),
  ]
  return namedClasses(classification, coarsest).flatMap((parent) => {
    const isInside = (level: string) => (code: string) =>
      ancestorsOf(classification, level, code).includes(parent.code)
    const own = indices(finest, isInside(finest.level))
    const classes = own
      .map((row) => {
        const counts = finest.classes.map((other, column) => ({
          class: other,
          count: at(finest, row, column),
        }))
        const right = at(finest, row, row)
        return {
          class: finest.classes[row] ?? { code: '', name: '' },
          support: counts.reduce((sum, { count }) => sum + count, 0),
          right,
          takenFor: counts
            .filter(({ count }, column) => count > 0 && column !== row)
            .sort((a, b) => b.count - a.count)
            .slice(0, 3),
        }
      })
      .filter(({ support }) => support > 0)
      .sort((a, b) => a.right / a.support - b.right / b.support)
    const support = classes.reduce((sum, row) => sum + row.support, 0)
    if (support === 0) return []
    const right = classes.reduce((sum, row) => sum + row.right, 0)
    return [{ parent, support, right, confusion: part(division, isInside(middle)), classes }]
  })
}

/** The pairs of classes of the finest level that were confused most often, with up to `examples` texts each. */
export const worstConfusions = (judged: Judged, pairs = 20, examples = 3): ConfusedPair[] => {
  const confusion = levelConfusion(judged, finestLevel(judged.classification))
  const { classes, level } = confusion
  const [actual, predicted] = [judged.actual[level], judged.predicted[level]]
  const found = classes.flatMap((own, row) =>
    classes.flatMap((other, column) => {
      const count = row === column ? 0 : at(confusion, row, column)
      return count === 0 ? [] : [{ own, other, row, column, count }]
    }),
  )
  return found
    .sort((a, b) => b.count - a.count)
    .slice(0, pairs)
    .map(({ own, other, row, column, count }) => ({
      actual: own,
      predicted: other,
      count,
      support: classes.reduce((sum, _, i) => sum + at(confusion, row, i), 0),
      examples: judged.texts
        .filter((_, i) => actual?.[i] === row && predicted?.[i] === column)
        .slice(0, examples),
    }))
}

const namedClasses = (classification: Classification, level: string): NamedClass[] =>
  codesOf(classification, level).map((code) => ({
    code,
    name: nodeOf(classification, level, code)?.name ?? '',
  }))

const at = ({ counts, classes }: LevelConfusion, row: number, column: number): number =>
  counts[row * classes.length + column] ?? 0

const indices = ({ classes }: LevelConfusion, wanted: (code: string) => boolean): number[] =>
  classes.flatMap(({ code }, i) => (wanted(code) ? [i] : []))

/** The confusions among some of the classes. */
const part = (confusion: LevelConfusion, wanted: (code: string) => boolean): LevelConfusion => {
  const kept = indices(confusion, wanted)
  return {
    level: confusion.level,
    classes: kept.flatMap((i) => confusion.classes[i] ?? []),
    counts: kept.flatMap((row) => kept.map((column) => at(confusion, row, column))),
  }
}
