import { selectEngine } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { type BenchLine, benchLine } from '../bench-line.ts'
import { benchBatch, benchClassifier, benchTrainStep } from '../classifier.ts'
import { median } from '../median-time.ts'

const MODEL = { hidden: 128, layers: 4, vocabulary: 8_000 }
const BATCH = 16
const LENGTHS = [8, 16, 24, 32, 40, 48, 56, 64]
const STEPS = 1_000
const SETTLED = 200
const MAX_GROWTH = 0.02
const MAX_ERROR = 0.2

const MIB = 2 ** 20

/** Resident memory in MiB, garbage apart. */
const resident = (): number => {
  globalThis.gc?.()
  return process.memoryUsage.rss() / MIB
}

/**
 * What a training run of the compiled engine adds to the process, in MiB, by the formula of the engine's README: 16 bytes a
 * trained parameter, a pool of dropout masks, and for each compiled length a session with the activations of one step.
 */
const predicted = (parameters: number): number => {
  const { hidden, layers } = MODEL
  const heads = hidden / 64
  const activations = LENGTHS.map(
    (length) => 4 * BATCH * length * layers * (20 * hidden + 4 * heads * length),
  )
  return (16 * parameters + activations.reduce((a, b) => a + b)) / MIB + 16 + 8 * LENGTHS.length
}

/** A run of 1,000 steps over eight lengths: memory after 200 steps and at the end, and against the formula. */
export async function* memoryBench(): AsyncGenerator<BenchLine> {
  const engine = await selectEngine('compiled')
  const model = benchClassifier(MODEL)
  const parameters = model.parameters.reduce((sum, { shape }) => sum + tf.util.sizeFromShape([...shape]), 0)
  const batches = LENGTHS.map((length) => benchBatch({ ...MODEL, batch: BATCH, length }))
  const before = resident()
  const { step } = benchTrainStep(engine, model)
  const times: number[] = []
  let [settled, tensors] = [0, 0]
  for (let i = 1; i <= STEPS; i++) {
    const batch = batches[i % batches.length]
    if (batch === undefined) break
    const start = performance.now()
    await step([batch], { learningRate: 1e-5 })
    times.push(performance.now() - start)
    if (i === SETTLED) [settled, tensors] = [resident(), tf.memory().numTensors]
    if (i % 50 === 0) process.stderr.write(`\rstep ${i} of ${STEPS}, ${Math.round(resident())} MiB   `)
  }
  process.stderr.write('\r')
  const after = resident()
  const growth = after / settled - 1
  const line = benchLine(
    'memory',
    `H${MODEL.hidden} L${MODEL.layers} V${MODEL.vocabulary} batch ${BATCH}×{${LENGTHS}}`,
    'compiled',
    median(times),
    BATCH,
  )
  yield {
    ...line,
    check: {
      found:
        `${after.toFixed(0)} MiB after step ${STEPS}, ${settled.toFixed(0)} after step ${SETTLED}: ` +
        `${(100 * growth).toFixed(2)} %, allowed ${100 * MAX_GROWTH} %; tensors ${tensors} → ${tf.memory().numTensors}`,
      passes: growth < MAX_GROWTH && tensors === tf.memory().numTensors,
    },
  }
  const [added, formula] = [after - before, predicted(parameters)]
  yield {
    ...line,
    check: {
      found: `${added.toFixed(0)} MiB added, ${formula.toFixed(0)} by the formula, allowed ±${100 * MAX_ERROR} %`,
      passes: Math.abs(added / formula - 1) < MAX_ERROR,
    },
  }
  engine.dispose()
}
