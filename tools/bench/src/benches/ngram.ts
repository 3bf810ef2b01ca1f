import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine } from '../bench-line.ts'
import type { NgramJob, NgramTime } from '../ngram-process.ts'
import { inOwnProcess } from '../own-process.ts'

const MODELS = ['linear-svc', 'nb-svc', 'logistic-regression', 'naive-bayes'] as const
const ROWS = 40_000
const QUERIES = 100_000

/** n-gram models of generated answers: training, the file and its loading, and 100,000 texts, each model in its process. */
export async function* ngramBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  for (const model of MODELS) {
    if (!wanted(`${ROWS} texts`, model)) continue
    const folder = await mkdtemp(join(tmpdir(), 'kic-bench-ngram-'))
    try {
      const job: NgramJob = { model, rows: ROWS, queries: QUERIES, path: join(folder, 'ngram.safetensors') }
      const time = await inOwnProcess<NgramJob, NgramTime>('./ngram-process.ts', job)
      const { peakMegabytes, fileMegabytes } = time
      const note = `${peakMegabytes} MB, a file of ${fileMegabytes.toFixed(1)} MB`
      yield {
        ...benchLine('ngram', `${model}: training of ${ROWS} texts`, 'ngram', time.trainMs, ROWS),
        peakMegabytes,
        note,
      }
      yield benchLine('ngram', `${model}: its file loaded`, 'ngram', time.loadMs, 1)
      yield benchLine('ngram', `${model}: ${QUERIES} texts`, 'ngram', time.scoreMs, QUERIES)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}
