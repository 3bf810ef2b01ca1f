import type { SoftTargets } from '@kic/trainer'
import type { TeacherAnswers } from './teacher-answers.ts'

/**
 * A teacher's answers as soft targets of rows.
 *
 * @param texts of the rows
 * @param classes of the student, in its order; it may have classes that the teacher lacks
 */
export const softTargets = (
  { classes: columns, probabilities, rows }: TeacherAnswers,
  texts: readonly string[],
  classes: readonly string[],
): SoftTargets => {
  const columnOf = new Map(columns.map((code, column) => [code, column]))
  const order = classes.map((code) => columnOf.get(code))
  const ordered = new Float32Array((probabilities.length / columns.length) * classes.length)
  for (let row = 0; row * classes.length < ordered.length; row++) {
    for (const [c, column] of order.entries()) {
      if (column === undefined) continue
      ordered[row * classes.length + c] = probabilities[row * columns.length + column] ?? 0
    }
  }
  return {
    probabilities: ordered,
    classes: classes.length,
    rows: Int32Array.from(texts, (text) => rows.get(text) ?? -1),
  }
}
