import { stat } from 'node:fs/promises'
import { joinFields } from '@kic/data'
import { generateRows } from '@kic/korean-answers'
import { type NgramModelOptions, trainNgramModel } from '@kic/ngram'
import { loadNgramModel, saveNgramModel } from '@kic/ngram/node'
import { answerJob } from './own-process.ts'

/** A model to train, how many texts it scores, and where its file goes. */
export interface NgramJob {
  readonly model: Exclude<NgramModelOptions['model'], 'nearest'>
  readonly rows: number
  readonly queries: number
  readonly path: string
}

export interface NgramTime {
  readonly trainMs: number
  readonly loadMs: number
  readonly scoreMs: number
  readonly fileMegabytes: number
  /** Largest resident memory of this process after training, in MB of 10^6 bytes. */
  readonly peakMegabytes: number
}

/** Texts scored at once, as predictors do. */
const BLOCK = 512

const texts = (rows: number, seed: number) =>
  Array.from(generateRows({ rows, seed }), ({ group, ...fields }) => ({
    text: joinFields(fields),
    label: group,
  }))

answerJob(async ({ model, rows, queries, path }: NgramJob): Promise<NgramTime> => {
  const coded = texts(rows, 1)
  const started = performance.now()
  const trained = trainNgramModel(coded, { model })
  const learned = performance.now()
  const peakMegabytes = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)
  await saveNgramModel(path, trained)
  const loading = performance.now()
  const { scores } = await loadNgramModel(path)
  const loaded = performance.now()
  const asked = texts(queries, 2).map(({ text }) => text)
  const scoring = performance.now()
  for (let at = 0; at < asked.length; at += BLOCK) scores(asked.slice(at, at + BLOCK))
  const scored = performance.now()
  return {
    trainMs: learned - started,
    loadMs: loaded - loading,
    scoreMs: scored - scoring,
    fileMegabytes: (await stat(path)).size / 1e6,
    peakMegabytes,
  }
})
