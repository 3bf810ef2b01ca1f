import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codesOf, finestLevel } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { classNumbers, fitClassifier, freshTokenizer, tokenizeRows } from '@kic/classifier'
import { joinFields } from '@kic/data'
import { type Engine, selectEngine } from '@kic/engine'
import { generateRows } from '@kic/korean-answers'
import { initialize } from '@kic/nn'
import { type BatchPlanOptions, type BatchSource, type TokenRows, train } from '@kic/trainer'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine, withPeer } from '../bench-line.ts'
import { benchBatch, benchClassifier, benchLoss, benchTrainStep } from '../classifier.ts'
import { median } from '../median-time.ts'
import { type ModelShape, shapeName } from '../model-shape.ts'
import { torchLoopTime } from '../torch-peer.ts'

const SHAPE: ModelShape = { hidden: 256, layers: 4, vocabulary: 8_000, batch: 32, length: 24 }
const ROWS = 6_000
const EPOCHS = 3
const PAD = 1

const model = benchClassifier(SHAPE)

type Rows = TokenRows & { readonly inputIds: readonly Int32Array[]; readonly labels: Int32Array }

/** Rows of the project's own Korean dataset: their lengths decide what grouping is worth. */
const koreanRows = async (): Promise<Rows> => {
  const rows = Array.from(generateRows({ rows: ROWS, seed: 1 }))
  const texts = rows.map(joinFields)
  const tokenizer = await freshTokenizer(texts, { vocabulary: SHAPE.vocabulary })
  const { inputIds } = tokenizeRows({ tokenizer, config: model.config }, texts)
  const classes = codesOf(ksic10Occurring, finestLevel(ksic10Occurring))
  return {
    inputIds,
    labels: classNumbers(
      classes,
      rows.map(({ group }) => group),
    ),
  }
}

const STEP = `step, ${shapeName(SHAPE)}`
const RUN = `H${SHAPE.hidden} L${SHAPE.layers} V${SHAPE.vocabulary} ${ROWS} rows × ${EPOCHS}`
type Plan = Pick<BatchPlanOptions, 'batchSize' | 'tokenBudget' | 'grouping'>
const PLANS: readonly (Plan & { readonly config: string })[] = [
  { config: `${RUN}, batches of ${SHAPE.batch}, grouped by length`, batchSize: SHAPE.batch },
  { config: `${RUN}, batches of ${SHAPE.batch}, not grouped`, batchSize: SHAPE.batch, grouping: 'none' },
  { config: `${RUN}, 384 tokens a batch`, tokenBudget: 384 },
]

/** Rounds in which both take turns, and the steps of each; the first few of them warm up. */
const ROUNDS = 10
const STEPS = 20
const WARM_UP = 4

/** What the trainer adds to the engine's step, both taking turns. */
const overhead = async (): Promise<BenchLine> => {
  const times = { bare: [] as number[], trained: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    // Whoever comes second meets a warmer processor.
    const order = round % 2 === 0 ? (['bare', 'trained'] as const) : (['trained', 'bare'] as const)
    for (const kind of order) {
      const engine = await selectEngine('compiled')
      const laps = await STEP_LAPS[kind](engine)
      times[kind].push(...laps.slice(WARM_UP))
      engine.dispose()
    }
  }
  const line = benchLine('trainer', STEP, 'compiled', median(times.trained), SHAPE.batch)
  return withPeer(line, 'the bare engine step', median(times.bare))
}

/** Times from the end of one step to the end of the next. */
const STEP_LAPS = {
  bare: async (engine: Engine): Promise<number[]> => {
    const batch = benchBatch(SHAPE)
    const { step, params } = benchTrainStep(engine, model)
    const ends: number[] = []
    for (let i = 0; i < STEPS; i++) {
      await step([batch], { learningRate: 1e-5 })
      ends.push(performance.now())
    }
    params.dispose()
    return between(ends)
  },
  trained: async (engine: Engine): Promise<number[]> => {
    const feeds = benchBatch(SHAPE)
    const rows = Int32Array.from({ length: SHAPE.batch }, (_, i) => i)
    const batches: BatchSource = { epoch: () => ({ length: STEPS, batch: () => ({ feeds, rows }) }) }
    const ends: number[] = []
    const { params } = await train({
      engine,
      params: initialize(model.parameters, 0),
      loss: benchLoss(model),
      optimizer: { kind: 'adamw', maxGradNorm: 1 },
      learningRate: 1e-4,
      batches,
      seed: 0,
      maxSteps: STEPS,
      callbacks: [{ onStep: () => void ends.push(performance.now()) }],
    })
    params.dispose()
    return between(ends)
  },
}

const between = (ends: readonly number[]): number[] => ends.slice(1).map((end, i) => end - (ends[i] ?? end))

/** A whole run over the rows, compilation included. */
const runTime = async (rows: Rows, plan: Plan): Promise<number> => {
  const engine = await selectEngine('compiled')
  const start = performance.now()
  const result = await fitClassifier({
    ...plan,
    engine,
    model,
    initial: initialize(model.parameters, 0),
    rows,
    padTokenId: PAD,
    learningRate: 1e-4,
    epochs: EPOCHS,
    seed: 0,
  })
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
export async function* trainerBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  if (wanted(STEP, 'compiled')) yield await overhead()
  const plans = PLANS.filter(({ config }) => wanted(config, 'compiled'))
  if (plans.length === 0) return
  const rows = await koreanRows()
  const torch = await torchTime(rows)
  for (const { config, ...plan } of plans) {
    const line = benchLine('trainer', config, 'compiled', await runTime(rows, plan), ROWS * EPOCHS)
    yield typeof torch === 'string' ? { ...line, note: torch } : withPeer(line, torch.peer, torch.ms)
  }
}
