import { join } from 'node:path'
import { KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import { decisionValues, type Hyperplane, trainLinearSvc } from './linear-svc.ts'
import { NAIVE_BAYES_FEATURES, trainNaiveBayes } from './naive-bayes.ts'
import { type NgramRange, ngramWeighting } from './ngram-features.ts'

export type NgramModel =
  | ({ readonly model: 'linear-svc'; readonly C: number } & NgramRange)
  | { readonly model: 'naive-bayes' }

/** What an n-gram model learns from. */
export interface NgramLesson {
  readonly texts: readonly string[]
  /** Class number of each text. */
  readonly labels: Int32Array
  readonly classes: number
  readonly seed: number
}

/**
 * Trains what takes long into a folder: the hyperplanes of a support vector machine, a file for each class. n-grams are
 * counted anew whenever they are needed, which is quicker than reading their counts.
 *
 * @param onClass told how many classes are done
 * @returns how many parameters the model has
 */
export const trainNgrams = async (
  folder: string,
  model: NgramModel,
  { texts, labels, classes, seed }: NgramLesson,
  onClass: (done: number) => void,
): Promise<number> => {
  if (model.model === 'naive-bayes') return NAIVE_BAYES_FEATURES * classes
  const train = ngramWeighting(texts, model)(texts)
  let done = 0
  for (const hyperplane of trainLinearSvc(train, labels, classes, { C: model.C, seed })) {
    await saveSafetensors(hyperplaneFile(folder, done), stored(hyperplane))
    onClass(++done)
  }
  return (train.features + 1) * classes
}

/**
 * Scores [N, C] of sets of texts by the model that `trainNgrams` left in the folder.
 *
 * @param sets texts that were not learned from
 */
export const ngramScores = async (
  folder: string,
  model: NgramModel,
  { texts, labels, classes }: NgramLesson,
  sets: readonly (readonly string[])[],
): Promise<readonly Float32Array[]> => {
  if (model.model === 'naive-bayes') return sets.map(trainNaiveBayes(texts, labels, classes))
  const weighting = ngramWeighting(texts, model)
  const weighted = sets.map(weighting)
  const features = weighting([]).features
  const scores = sets.map((set) => new Float32Array(set.length * classes))
  for (let label = 0; label < classes; label++) {
    const path = hyperplaneFile(folder, label)
    const hyperplane = loaded(path, (await loadSafetensors(path)).tensors, features)
    for (const [i, rows] of weighted.entries()) {
      decisionValues(rows, hyperplane).forEach((value, row) => {
        const own = scores[i]
        if (own) own[row * classes + label] = value
      })
    }
  }
  return scores
}

const hyperplaneFile = (folder: string, label: number): string =>
  join(folder, 'hyperplanes', `${label}.safetensors`)

/** Most features say nothing about a class: those that do, and how much. */
const stored = (hyperplane: Hyperplane): HostTensors => {
  const features = Int32Array.from(hyperplane.keys()).filter((feature) => hyperplane[feature] !== 0)
  const weights = Float32Array.from(features, (feature) => hyperplane[feature] ?? 0)
  const shape = [features.length]
  return {
    features: { dtype: 'int32', shape, data: features },
    weights: { dtype: 'float32', shape, data: weights },
  }
}

const loaded = (path: string, { features, weights }: HostTensors, count: number): Hyperplane => {
  const hyperplane = new Float64Array(count + 1)
  const numbers = features?.data ?? []
  if (weights?.data.length !== numbers.length || numbers.some((feature) => feature < 0 || feature > count)) {
    throw new KicError(
      'example/member',
      `ngramScores: ${path} must hold weights of ${count} n-grams, received others. Remove its stage's folder, so that it is made anew.`,
    )
  }
  numbers.forEach((feature, i) => {
    hyperplane[feature] = weights.data[i] ?? 0
  })
  return hyperplane
}
