import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeIndex, finestLevel, generateRows, joinFields, ksic10Occurring } from '@kic/data'
import { type Engine, selectEngine } from '@kic/engine'
import { initialize } from '@kic/nn'
import { createTokenizer, trainWordPiece } from '@kic/tokenizer'
import {
  type BatchPlanOptions,
  type BatchSource,
  type TokenRows,
  tokenBatches,
  train,
  unpaddedRows,
} from '@kic/trainer'
import { type BenchLine, benchLine, withPeer } from '../bench-line.ts'
import { benchBatch, benchClassifier, benchLoss, benchTrainStep } from '../classifier.ts'
import { median } from '../median-time.ts'
import { type ModelShape, shapeName } from '../model-shape.ts'
import { torchLoopTime } from '../torch-peer.ts'

const SHAPE: ModelShape = { hidden: 256, layers: 4, vocabulary: 8_000, batch: 32, length: 24 }
const ROWS = 6_000
const EPOCHS = 3
const PAD = 1

type Rows = TokenRows & { readonly inputIds: readonly Int32Array[]; readonly labels: Int32Array }

/** Rows of the project's own Korean dataset: their lengths decide what grouping is worth. */
const koreanRows = async (): Promise<Rows> => {
  const rows = Array.from(generateRows({ rows: ROWS, seed: 1 }))
  const texts = rows.map(joinFields)
  const vocabulary = await trainWordPiece(texts, { vocabSize: SHAPE.vocabulary })
  const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
  const { inputIds, shape, lengths } = tokenizer.encodeBatch(texts, { maxLength: 64, typeVocabSize: 1 })
  const level = finestLevel(ksic10Occurring)
  return {
    inputIds: unpaddedRows(inputIds, shape, lengths),
    labels: Int32Array.from(rows, ({ group }) => codeIndex(ksic10Occurring, level, group)),
  }
}

const model = benchClassifier(SHAPE)

const options = (engine: Engine, batches: BatchSource) =>
  ({
    engine,
    params: initialize(model.parameters, 0),
    loss: benchLoss(model),
    optimizer: { kind: 'adamw', maxGradNorm: 1 },
    learningRate: 1e-4,
    schedule: { kind: 'linear' },
    batches,
    seed: 0,
  }) as const

/** What the trainer adds to the engine's step, both taking turns. */
const overhead = async (): Promise<BenchLine> => {
  const batch = benchBatch(SHAPE)
  const rows = Int32Array.from({ length: SHAPE.batch }, (_, i) => i)
  const batches: BatchSource = { epoch: () => ({ length: 1_000, batch: () => ({ feeds: batch, rows }) }) }
  const bare: number[] = []
  const trained: number[] = []
  for (let round = 0; round < 4; round++) {
    const engine = await selectEngine('compiled')
    const { step, params } = benchTrainStep(engine, model)
    let last = 0
    const lap = (times: number[], i: number): void => {
      const now = performance.now()
      if (i > 3) times.push(now - last)
      last = now
    }
    for (let i = 0; i < 30; i++) {
      await step([batch], { learningRate: 1e-5 })
      lap(bare, i)
    }
    params.dispose()
    engine.dispose()
    const fresh = await selectEngine('compiled')
    const result = await train({
      ...options(fresh, batches),
      maxSteps: 30,
      callbacks: [{ onStep: ({ step: i }) => lap(trained, i - 1) }],
    })
    result.params.dispose()
    fresh.dispose()
  }
  const line = benchLine('trainer', `step, ${shapeName(SHAPE)}`, 'compiled', median(trained), SHAPE.batch)
  return withPeer(line, 'the bare engine step', median(bare))
}

/** A whole run over the rows, compilation included. */
const runTime = async (
  rows: Rows,
  plan: Pick<BatchPlanOptions, 'batchSize' | 'tokenBudget' | 'grouping'>,
): Promise<number> => {
  const engine = await selectEngine('compiled')
  const batches = tokenBatches(rows, { seed: 0, padTokenId: PAD, ...plan })
  const start = performance.now()
  const result = await train({ ...options(engine, batches), epochs: EPOCHS })
  const ms = performance.now() - start
  result.params.dispose()
  engine.dispose()
  return ms
}

const torchTime = async (rows: Rows) => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-bench-'))
  try {
    const file = join(folder, 'task.json')
    const { hidden, layers, vocabulary, batch: batchSize } = SHAPE
    const task = { hidden, layers, vocabulary, classes: 225, batchSize, epochs: EPOCHS }
    const ids = rows.inputIds.map((row) => Array.from(row))
    await writeFile(file, JSON.stringify({ ...task, ids, labels: Array.from(rows.labels) }))
    return await torchLoopTime(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * The trainer: what it adds to the engine's step, and whole runs over Korean rows against a plain PyTorch loop with
 * dynamic padding, with and without batches of equal lengths.
 */
export async function* trainerBench(): AsyncGenerator<BenchLine> {
  yield await overhead()
  const rows = await koreanRows()
  const { hidden, layers, vocabulary, batch: batchSize } = SHAPE
  const config = `H${hidden} L${layers} V${vocabulary} ${ROWS} rows × ${EPOCHS}`
  const torch = await torchTime(rows)
  const line = async (name: string, plan: Parameters<typeof runTime>[1]): Promise<BenchLine> => {
    const measured = benchLine(
      'trainer',
      `${config}, ${name}`,
      'compiled',
      await runTime(rows, plan),
      ROWS * EPOCHS,
    )
    return typeof torch === 'string' ? { ...measured, note: torch } : withPeer(measured, torch.peer, torch.ms)
  }
  yield await line(`batches of ${batchSize}, grouped by length`, { batchSize })
  yield await line(`batches of ${batchSize}, not grouped`, { batchSize, grouping: 'none' })
  yield await line('384 tokens a batch', { tokenBudget: 384 })
}
