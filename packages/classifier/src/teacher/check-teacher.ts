import { codeIndex } from '@kic/classification'
import { classifierError } from '../classifier-error.ts'
import type { LearnedLevel } from '../rows/task-rows.ts'
import type { Teacher } from './with-teacher.ts'

/**
 * Checks that teacher and student have the same classes, by their codes.
 *
 * @param labels of the labelled rows
 * @throws KicError `classifier/teacher` with the first class that one of them lacks
 */
export const checkTeacher = (
  { folder, level: ofTeacher, classes }: Pick<Teacher, 'folder' | 'level' | 'classes'>,
  { classification, level }: LearnedLevel,
  labels: Iterable<string>,
): void => {
  const foreign = classes.find((code) => codeIndex(classification, level, code) < 0)
  if (foreign !== undefined) {
    throw classifierError(
      'classifier/teacher',
      `trainClassifier: the teacher must answer with the ${level} of ${classification.name}, received ${folder}, whose ` +
        `${ofTeacher} '${foreign}' is none. Choose a teacher of that level, or train on the teacher's.`,
    )
  }
  const known = new Set(classes)
  for (const label of labels) {
    if (known.has(label)) continue
    throw classifierError(
      'classifier/teacher',
      `trainClassifier: the teacher must know every class of the rows, received ${folder}, which lacks the ${level} '${label}'. ` +
        'Choose another teacher, or leave those rows out.',
    )
  }
}
