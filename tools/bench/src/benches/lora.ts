import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine } from '../bench-line.ts'
import type { LoraJob, LoraMeasure } from '../lora-process.ts'
import { type ModelShape, shapeName } from '../model-shape.ts'
import { inOwnProcess } from '../own-process.ts'

/** klue/roberta-small, -base and -large, on a few short rows. */
const SHAPES: readonly ModelShape[] = [
  { hidden: 768, layers: 6, vocabulary: 32_000, batch: 4, length: 32 },
  { hidden: 768, layers: 12, vocabulary: 32_000, batch: 4, length: 32 },
  { hidden: 1024, layers: 24, vocabulary: 32_000, batch: 4, length: 32 },
]
const RANK = 8
const STEPS = 3

/** Memory and time of training steps with all weights, and with adapters of rank 8 on query and value. */
export async function* loraBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  for (const shape of SHAPES) {
    for (const lora of [undefined, { rank: RANK }]) {
      const [config, engine] = [`${shapeName(shape)} ${lora ? `rank ${RANK}` : 'all weights'}`, 'compiled']
      if (!wanted(config, engine)) continue
      const job: LoraJob = { shape, lora, steps: STEPS }
      const { ms, peakBytes } = await inOwnProcess<LoraJob, LoraMeasure>('lora-process.ts', job)
      const line = benchLine('lora', config, engine, ms, shape.batch)
      yield {
        ...line,
        peakMegabytes: Math.round(peakBytes / 1e6),
        note: `${Math.round(peakBytes / 1e6)} MB at most`,
      }
    }
  }
}
