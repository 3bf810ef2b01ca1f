import { writeFileAtomic } from '@kic/core/node'
import { codesOf, type Row } from '@kic/data'
import { fitTemperatures, inMemory, type Probabilities, softVote } from '@kic/ensemble'
import { writePredictions } from '@kic/ensemble/node'
import { classNumbers } from '../labels.ts'
import { type MemberRecord, recordFile } from '../recipe/member-record.ts'
import { PARTS, predictionsFile, type Workspace } from '../recipe/workspace.ts'
import type { StageWork } from '../stages/stage.ts'
import { linearSvcScores } from './linear-svc.ts'
import { NAIVE_BAYES_FEATURES, trainNaiveBayes } from './naive-bayes.ts'
import { type NgramRange, ngramWeighting } from './ngram-features.ts'

/** A classifier of character n-grams: a voter of another kind than the transformers. */
export type NgramRecipe = { readonly name: string; readonly level: string } & NgramModel

export type NgramModel =
  | ({ readonly model: 'linear-svc'; readonly C: number } & NgramRange)
  | { readonly model: 'naive-bayes' }

/** Trains the n-gram member and writes its probabilities for every part of the rows, as members do. */
export const makeNgramMember =
  ({ task, seed }: Workspace, recipe: NgramRecipe) =>
  async ({ folder, label }: StageWork): Promise<void> => {
    const { level } = recipe
    const codes = codesOf(task.hierarchy, level)
    const { scores, parameters } = await trained(recipe, {
      texts: textsOf(task.train),
      labels: classNumbers(task.hierarchy, level, task.train),
      classes: codes.length,
      unseen: PARTS.map((part) => textsOf(task[part])),
      seed,
      label,
    })
    const record: MemberRecord = { parameters, curve: [] }
    await writeFileAtomic(recordFile(folder), `${JSON.stringify(record)}\n`)
    const raw = PARTS.map((_, i) => asProbabilities(scores[i] ?? new Float32Array(), codes.length))
    const [validation] = raw
    if (validation === undefined) throw new Error('there is no validation part')
    const truth = classNumbers(task.hierarchy, level, task.validation)
    const [fitted] = await fitTemperatures(inMemory([validation]), truth)
    for (const [i, part] of PARTS.entries()) {
      const probabilities = raw[i]
      if (probabilities === undefined) continue
      const { rows, classes, data } = softVote([probabilities], {
        temperatures: [fitted?.temperature ?? 1],
      })
      await writePredictions(
        predictionsFile(folder, part),
        { level, labels: codes, ids: Array.from({ length: rows }, (_, row) => String(row)) },
        [{ rows, classes, data }],
        { dtype: 'float32' },
      )
    }
  }

interface NgramTask {
  readonly texts: readonly string[]
  readonly labels: Int32Array
  readonly classes: number
  /** Texts to score, part by part. */
  readonly unseen: readonly (readonly string[])[]
  readonly seed: number
  readonly label: () => string
}

/** Scores [N, C] of the unseen texts, part by part, and how many parameters they come from. */
const trained = async (
  recipe: NgramModel,
  { texts, labels, classes, unseen, seed, label }: NgramTask,
): Promise<{ scores: readonly Float32Array[]; parameters: number }> => {
  if (recipe.model === 'naive-bayes') {
    return {
      scores: unseen.map(trainNaiveBayes(texts, labels, classes)),
      parameters: NAIVE_BAYES_FEATURES * classes,
    }
  }
  const { C, ...range } = recipe
  const weighted = ngramWeighting(texts, range)
  const train = weighted(texts)
  let told = performance.now()
  const onClass = async (done: number): Promise<void> => {
    if (performance.now() - told < 2000 && done < classes) return
    told = performance.now()
    process.stderr.write(`${label()}: ${done} of ${classes} classes\n`)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const scores = await linearSvcScores(train, labels, classes, unseen.map(weighted), { C, seed, onClass })
  return { scores, parameters: (train.features + 1) * classes }
}

const textsOf = (rows: readonly Row[]): string[] => rows.map(({ text }) => text)

/** Softmax of decision values, row by row. */
const asProbabilities = (scores: Float32Array, classes: number): Probabilities => {
  const data = new Float32Array(scores.length)
  for (let at = 0; at < scores.length; at += classes) {
    const row = scores.subarray(at, at + classes)
    const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const exps = row.map((score) => Math.exp(score - most))
    const sum = exps.reduce((a, b) => a + b, 0)
    data.set(
      exps.map((e) => e / sum),
      at,
    )
  }
  return { rows: scores.length / classes, classes, data }
}
