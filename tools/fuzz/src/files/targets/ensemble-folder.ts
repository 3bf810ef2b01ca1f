import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { flatClassification } from '@kic/classification'
import { trainNgramModel } from '@kic/ngram'
import { guarantee, type Prediction } from '@kic/predictor'
import { loadPredictor, packEnsemble, saveCalibration, saveNgramFolder } from '@kic/predictor/node'
import fc from 'fast-check'
import { mutatedJson } from '../json-mutations.ts'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'

const ROWS = [
  { text: 'a late goal', label: 'sport' },
  { text: 'a vote in the senate', label: 'politics' },
]
/** Rows that make guarantees: half of the answers are right. */
const CALIBRATION_ROWS = Array.from({ length: 120 }, (_, i) => ({
  text: `${i % 2 === 0 ? 'a late goal' : 'the senate'} ${i}`,
  labels: { label: i % 4 < 2 ? 'sport' : 'politics' },
}))
const curve = { rows: 2, thresholds: [0, 0.5], automatic: [2, 1], correct: { label: [2, 1] } }
const calibration = { temperature: 2, on: 'two rows', curve }
/** A mutated file is one of these. */
const FILES = ['ensemble.json', 'kic.json'] as const

const isShare = (value: number): boolean => value >= 0 && value <= 1.001

/** @throws Error if an answer has what is no probability, or a set lacks the answer */
const checkAnswer = (answer: Prediction): void => {
  if (answer.status === 'unusable') return
  const sets = Object.entries(answer.sets ?? {})
  const sound =
    isShare(answer.confidence) &&
    isShare(answer.novelty?.pValue ?? 0) &&
    sets.every(
      ([level, set]) =>
        set.every(({ confidence }) => isShare(confidence)) &&
        set.some(({ code }) => code === answer.codes[level]?.code),
    )
  if (!sound) throw new Error(`it answers ${JSON.stringify(answer)}`)
}

/** A packed ensemble with a mutated `ensemble.json` or `kic.json`: what loads answers with probabilities and sets of codes. */
export const ensembleFolder: Target = {
  name: 'ensemble-folder',
  inputs: async (folder) => {
    const notes = { classification: flatClassification(['politics', 'sport']), script: undefined }
    const models = ['naive-bayes', 'nb-svc'] as const
    for (const model of models)
      await saveNgramFolder(join(folder, model), { model: trainNgramModel(ROWS, { model }), notes })
    const members = models.map((name) => ({ name, weight: 1, temperature: 2 }))
    const fast = { members: members.slice(0, 1), accuracy: 1, rowsPerSecond: 9, calibration }
    await packEnsemble(join(folder, 'sound'), {
      members: members.map((member) => ({ ...member, folder: join(folder, member.name) })),
      calibration,
      budgets: { fast },
    })
    const predictor = await loadPredictor(join(folder, 'sound'))
    const guarantees = await guarantee(predictor, CALIBRATION_ROWS, 'rows')
    await saveCalibration(join(folder, 'sound'), { ...calibration, guarantees })
    await predictor.dispose()
    const mutated = await Promise.all(
      FILES.map(async (name, i) => {
        const sound = new Uint8Array(await readFile(join(folder, 'sound', name)))
        const changed = fc.oneof(
          mutation(sound.length).map((mutate) => mutate(sound)),
          mutatedJson([JSON.parse(new TextDecoder().decode(sound))]),
        )
        // The first byte says which file it is.
        return changed.map((bytes) => Uint8Array.of(i, ...bytes))
      }),
    )
    return fc.oneof(...mutated)
  },
  check: (bytes, folder) =>
    judge(bytes.length, async () => {
      const sound = join(folder, 'sound')
      const name = FILES[bytes[0] ?? 0] ?? FILES[0]
      const before = await readFile(join(sound, name))
      await writeFile(join(sound, name), bytes.subarray(1))
      try {
        for (const budget of [undefined, 'fast'] as const) {
          const predictor = await loadPredictor(sound, { budget })
          const guaranteed = predictor.info.calibration?.guarantees !== undefined
          for (const options of guaranteed ? [{}, { coverage: 0.9, classConditional: true }] : [{}])
            for (const answer of await predictor.predict(['a goal', 'the senate', '???'], options))
              checkAnswer(answer)
          predictor.expectation(0.5)
          await predictor.dispose()
        }
      } finally {
        await writeFile(join(sound, name), before)
      }
      return { bytes: 0 }
    }),
}
