import { streamSafetensors } from '@kic/safetensors/node'
import { learn } from '../model/learn.ts'
import { metadataOf } from '../model/ngram-file.ts'
import { lessonOf, type NgramRow } from '../model/ngram-lesson.ts'
import { settingsOf } from '../model/ngram-settings.ts'
import type { TrainNgramModelOptions } from '../model/train-ngram-model.ts'

/**
 * Trains a model straight into its file, which appears whole: of a support vector machine the weights of one class are in memory
 * at a time. `openNgramModel` scores as sparingly.
 *
 * @throws KicError as `trainNgramModel`, and `core/write-failed`
 */
export const trainNgramModelFile = async (
  path: string,
  rows: readonly NgramRow[],
  options: TrainNgramModelOptions,
): Promise<void> => {
  const { labels, onClass, ...how } = options
  const lesson = lessonOf(rows, labels)
  const settings = settingsOf(how, lesson.labels)
  await streamSafetensors(path, learn(settings, lesson, onClass), metadataOf(settings))
}
