import { textKey } from '@kic/data'
import type { Task } from '../rows/split-task.ts'

/** Numbers of rows and classes, and what makes validation rows less telling than they should be. */
export const describeTask = ({ train, validation, classes, level }: Task): string => {
  const known = new Set<string | undefined>(classes)
  const unknown = validation.filter(({ labels }) => !known.has(labels[level])).length
  const texts = new Set(train.map(({ text }) => textKey(text)))
  const learned = validation.filter(({ text }) => texts.has(textKey(text))).length
  return [
    `${train.length} rows to train on, ${validation.length} to validate, ${classes.length} classes (${level})`,
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
