import { decodeTensor, type HostTensor, type HostTensors } from '@kic/safetensors'
import { type OpenSafetensors, openSafetensors } from '@kic/safetensors/node'
import { hyperplaneNames } from '../model/learn.ts'
import { hyperplaneOf, storedVocabulary } from '../model/learned-tensors.ts'
import { settingsOfFile } from '../model/ngram-file.ts'
import type { NgramModel } from '../model/ngram-model.ts'
import { ngramModelOf } from '../model/ngram-model-of.ts'
import type { LinearSvcSettings, NgramSettings } from '../model/ngram-settings.ts'
import { scoreByClass } from '../svc/score-by-class.ts'
import { ngramWeighting } from '../text/ngram-vocabulary.ts'

/** A model whose weights stay in its file. Close it. */
export interface OpenNgramModel extends Pick<NgramModel, 'settings' | 'parameters'> {
  /** As `NgramModel.scores`: the same numbers. */
  scores(texts: readonly string[]): Promise<Float32Array>
  close(): Promise<void>
}

/**
 * Opens a model's file to score by: of a support vector machine the weights of one class are in memory at a time, read anew for
 * every set of texts. Score many texts at once.
 *
 * @throws KicError `ngram/file`, and as `openSafetensors`
 */
export const openNgramModel = async (path: string): Promise<OpenNgramModel> => {
  const file = await openSafetensors(path)
  try {
    const settings = settingsOfFile(file.metadata)
    const opened =
      settings.model === 'linear-svc' ? await scoringByClass(settings, file) : await inMemory(settings, file)
    return { settings, ...opened, close: () => file.close() }
  } catch (error) {
    await file.close()
    throw error
  }
}

type Scoring = Pick<OpenNgramModel, 'parameters' | 'scores'>

const inMemory = async (settings: NgramSettings, file: OpenSafetensors): Promise<Scoring> => {
  const { parameters, scores } = ngramModelOf(settings, await tensorsOf(file, () => true))
  return { parameters, scores: async (texts) => scores(texts) }
}

const scoringByClass = async (settings: LinearSvcSettings, file: OpenSafetensors): Promise<Scoring> => {
  const small = await tensorsOf(file, (name) => !name.startsWith('hyperplanes.'))
  const vocabulary = storedVocabulary((name) => small[name], settings)
  const weighted = ngramWeighting(vocabulary)
  const classes = settings.labels.length
  const features = vocabulary.numbers.size
  return {
    parameters: (features + 1) * classes,
    scores: async (texts) => {
      const { scores, add } = scoreByClass(weighted(texts), classes)
      for (let label = 0; label < classes; label++) {
        const names = Object.values(hyperplaneNames(label))
        const own = await tensorsOf(file, (name) => names.includes(name))
        add(
          label,
          hyperplaneOf((name) => own[name], label, features),
        )
      }
      return scores
    },
  }
}

const tensorsOf = async (file: OpenSafetensors, only: (name: string) => boolean): Promise<HostTensors> => {
  const found: [string, HostTensor][] = []
  for (const entry of file.entries) {
    if (only(entry.name)) found.push([entry.name, decodeTensor(entry, await file.read(entry))])
  }
  return Object.fromEntries(found)
}
