import { stat } from 'node:fs/promises'
import { joinFields } from '@kic/data'
import { generateRows } from '@kic/korean-answers'
import { trainNgramModel } from '@kic/ngram'
import { saveNgramModel } from '@kic/ngram/node'
import { answerJob } from './own-process.ts'

/** How many coded texts, how many to code, and where the model's file goes. */
export interface NearestJob {
  readonly rows: number
  readonly queries: number
  readonly path: string
}

export interface NearestTime {
  readonly indexMs: number
  readonly answerMs: number
  readonly fileMegabytes: number
  /** Largest resident memory of this process, in MB of 10^6 bytes; the texts before the index. */
  readonly textsMegabytes: number
  readonly peakMegabytes: number
}

const megabytes = (): number => Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)

const texts = (rows: number, seed: number) =>
  Array.from(generateRows({ rows, seed }), ({ group, ...fields }) => ({
    text: joinFields(fields),
    label: group,
  }))

answerJob(async ({ rows, queries, path }: NearestJob): Promise<NearestTime> => {
  const [coded, asked] = [texts(rows, 1), texts(queries, 2).map(({ text }) => text)]
  const textsMegabytes = megabytes()
  const started = performance.now()
  const model = trainNgramModel(coded, { model: 'nearest' })
  const indexed = performance.now()
  model.scores(asked)
  const answered = performance.now()
  await saveNgramModel(path, model)
  const { size } = await stat(path)
  return {
    indexMs: indexed - started,
    answerMs: answered - indexed,
    fileMegabytes: size / 1e6,
    textsMegabytes,
    peakMegabytes: megabytes(),
  }
})
