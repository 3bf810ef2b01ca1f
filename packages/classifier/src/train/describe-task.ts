import { textKey } from '@kic/data'
import type { Task } from '../rows/split-task.ts'

/** Numbers of rows and classes, and what makes validation rows less telling than they should be. */
export const describeTask = ({ train, validation, classes, level, taught }: Task): string => {
  const unlabelled = taught?.unlabelled ?? []
  const known = new Set<string | undefined>(classes)
  const unknown = validation.filter(({ labels }) => !known.has(labels[level])).length
  const texts = new Set([...train, ...unlabelled].map(({ text }) => textKey(text)))
  const learned = validation.filter(({ text }) => texts.has(textKey(text))).length
  return [
    `${train.length} rows to train on, ${validation.length} to validate, ${classes.length} classes (${level})`,
    ...(unlabelled.length === 0
      ? []
      : [`${unlabelled.length} texts without labels to learn from the teacher`]),
    ...(unknown === 0
      ? []
      : [`warning: validation rows with a ${level} that no training row has: ${unknown}`]),
    ...(learned === 0
      ? []
      : [
          `warning: validation rows with the text of a training row: ${learned}; the scores will be too high`,
        ]),
  ].join('\n')
}
