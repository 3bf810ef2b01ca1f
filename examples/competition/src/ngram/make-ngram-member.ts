import { writeFileAtomic } from '@kic/core/node'
import { codesOf } from '@kic/data'
import { fitTemperatures, inMemory, type Probabilities, softVote } from '@kic/ensemble'
import { writePredictions } from '@kic/ensemble/node'
import { classNumbers } from '../labels.ts'
import { type MemberRecord, recordFile } from '../recipe/member-record.ts'
import { PARTS, predictionsFile, type Workspace } from '../recipe/workspace.ts'
import type { StageWork } from '../stages/stage.ts'
import { linearSvcScores } from './linear-svc.ts'
import { type NgramRange, ngramWeighting } from './ngram-features.ts'

/** A support vector machine on character n-grams: a voter of another kind than the transformers. */
export interface NgramRecipe extends NgramRange {
  readonly name: string
  readonly level: string
  readonly C: number
}

/** Trains the n-gram member and writes its probabilities for every part of the rows, as members do. */
export const makeNgramMember =
  ({ task, seed }: Workspace, { level, shortest, longest, C }: NgramRecipe) =>
  async ({ folder, label }: StageWork): Promise<void> => {
    const codes = codesOf(task.hierarchy, level)
    const textsOf = (part: 'train' | (typeof PARTS)[number]): string[] => task[part].map(({ text }) => text)
    const weighted = ngramWeighting(textsOf('train'), { shortest, longest })
    const train = weighted(textsOf('train'))
    let told = performance.now()
    const scores = await linearSvcScores(
      train,
      classNumbers(task.hierarchy, level, task.train),
      codes.length,
      PARTS.map((part) => weighted(textsOf(part))),
      {
        C,
        seed,
        onClass: async (done) => {
          if (performance.now() - told < 2000 && done < codes.length) return
          told = performance.now()
          process.stderr.write(`${label()}: ${done} of ${codes.length} classes\n`)
          await new Promise((resolve) => setImmediate(resolve))
        },
      },
    )
    const record: MemberRecord = { parameters: (train.features + 1) * codes.length, curve: [] }
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
