import { join } from 'node:path'
import { KicError } from '@kic/core'
import { joinFields } from '@kic/data'
import { savePreparation } from '@kic/data/node'
import { defaultPreparation } from '@kic/data/prepare'
import { selectEngine } from '@kic/engine'
import { evaluationRows } from '@kic/korean-answers/evaluation'
import { modelFolder } from '@kic/model-mini'
import { meanHead, sequenceClassifier } from '@kic/roberta'
import { saveOnnx, savePretrained } from '@kic/roberta/node'
import { saveTokenizer } from '@kic/tokenizer/node'
import { type Comparison, compareResults } from './compare-results.ts'
import { findEmulator } from './emulator.ts'
import type { Job } from './job.ts'
import { bundleWorker, runJob } from './run-job.ts'
import { trainSteps } from './train-steps.ts'
import { trainingRows } from './training-rows.ts'

/** AVX2 and FMA without AVX-512 and VNNI, and SSE 4.2 alone. */
const EMULATED = ['Haswell', 'Nehalem'] as const
/** Rows that the compared classifier learns from, and in one step. */
const [ROWS, BATCH_SIZE] = [4096, 32]

export interface CheckOptions {
  /** An empty folder. */
  readonly folder: string
  /** Texts to predict. */
  readonly texts: number
  readonly say: (line: string) => void
}

/**
 * Trains and exports a small classifier, then predicts by it and by the bundled one, and trains some steps, here and on
 * emulated processors.
 *
 * @throws KicError `processors/no-emulator`, `processors/failed`, and `processors/emulation` where an emulated processor
 *   does not do what this looks for.
 */
export const checkProcessors = async ({ folder, texts, say }: CheckOptions): Promise<Comparison[]> => {
  const emulator = await findEmulator(say)
  const own = join(folder, 'classifier')
  await saveClassifier(own)
  const job: Job = {
    models: [
      { name: 'a small classifier', folder: own, precision: 'float32' },
      { name: 'a small classifier', folder: own, precision: 'int8' },
      { name: 'the bundled one', folder: modelFolder, precision: 'int8' },
    ],
    texts: evaluationRows.slice(0, texts).map(joinFields),
    // Drawn here: a bundle has no lexicon.
    training: trainingRows(64),
    batchSize: 8,
  }
  const worker = await bundleWorker()
  say(`trained; ${job.texts.length} texts to predict on this processor`)
  const native = await runJob({ name: 'this processor', command: [] }, worker, job, folder)
  say(`products of uint8 and int8 are ${native.saturates ? 'cut off at 16 bits' : 'exact'} here`)
  const comparisons: Comparison[] = []
  for (const processor of EMULATED) {
    say(`… on ${processor}`)
    const command = [emulator, '-cpu', processor]
    const result = await runJob({ name: processor, command }, worker, job, folder)
    if (processor === 'Haswell' && !result.saturates) {
      throw new KicError(
        'processors/emulation',
        'checkProcessors: products of uint8 and int8 must be cut off at 16 bits on Haswell, received exact ones. The ' +
          'emulation or ONNX Runtime changed: find a processor that shows the fault.',
      )
    }
    comparisons.push(...compareResults(job, native, { processor, result }))
  }
  return comparisons
}

const saveClassifier = async (folder: string): Promise<void> => {
  const engine = await selectEngine('compiled')
  const { config, params, tokenizer } = await trainSteps(engine, trainingRows(ROWS), BATCH_SIZE)
  engine.dispose()
  await savePretrained(folder, { config, params, head: meanHead })
  await saveTokenizer(folder, tokenizer)
  await savePreparation(folder, defaultPreparation)
  const model = sequenceClassifier(config, meanHead)
  await saveOnnx(folder, { model, params }, { formats: ['float32', 'int8'] })
}
