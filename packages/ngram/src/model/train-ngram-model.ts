import { learn } from './learn.ts'
import { lessonOf, type NgramRow } from './ngram-lesson.ts'
import type { NgramModel } from './ngram-model.ts'
import { ngramModelOf } from './ngram-model-of.ts'
import { type NgramModelOptions, settingsOf } from './ngram-settings.ts'

/** What to learn, and who hears of it. */
export type TrainNgramModelOptions = NgramModelOptions & {
  /** The classes, in the order of the scores' columns; default: those of the rows, sorted. */
  readonly labels?: readonly string[] | undefined
  /** Told how many classes of a support vector machine are done. */
  readonly onClass?: ((done: number) => void) | undefined
}

/**
 * Trains a classifier on the character n-grams of texts: in seconds, and hard to beat where rows are few.
 *
 * @throws KicError `ngram/rows`, `ngram/labels`, `ngram/options`
 */
export const trainNgramModel = (rows: readonly NgramRow[], options: TrainNgramModelOptions): NgramModel => {
  const { labels, onClass, ...how } = options
  const lesson = lessonOf(rows, labels)
  const settings = settingsOf(how, lesson.labels)
  return ngramModelOf(settings, Object.fromEntries(learn(settings, lesson, onClass)))
}
