import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine } from '../bench-line.ts'
import type { NearestJob, NearestTime } from '../nearest-process.ts'
import { inOwnProcess } from '../own-process.ts'

const SIZES = [24_160, 200_000, 1_000_000]
const QUERIES = 1000

/** An index of nearest neighbours over generated answers, and the answers to a thousand texts, each size in its process. */
export async function* nearestBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  for (const rows of SIZES) {
    const [index, answers] = [`index of ${rows} texts`, `${QUERIES} texts among ${rows}`]
    if (!wanted(index, 'nearest') && !wanted(answers, 'nearest')) continue
    const folder = await mkdtemp(join(tmpdir(), 'kic-bench-nearest-'))
    try {
      const time = await inOwnProcess<NearestJob, NearestTime>('./nearest-process.ts', {
        rows,
        queries: QUERIES,
        path: join(folder, 'model.safetensors'),
      })
      const note = `${time.peakMegabytes} MB (${time.textsMegabytes} MB before), a file of ${time.fileMegabytes.toFixed(1)} MB`
      const { peakMegabytes } = time
      yield { ...benchLine('nearest', index, 'nearest', time.indexMs, rows), peakMegabytes, note }
      yield benchLine('nearest', answers, 'nearest', time.answerMs, QUERIES)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}
