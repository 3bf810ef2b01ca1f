import { selectEngine } from '@kic/engine'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine, withPeer } from '../bench-line.ts'
import { benchBatch, benchClassifier, benchTrainStep } from '../classifier.ts'
import { medianTime, type TimeOptions } from '../median-time.ts'
import { type ModelShape, shapeName } from '../model-shape.ts'
import { torchTimes } from '../torch-peer.ts'

const LARGE: ModelShape = { hidden: 768, layers: 6, vocabulary: 32_000, batch: 32, length: 24 }
const SMALL: ModelShape = { hidden: 256, layers: 4, vocabulary: 8_000, batch: 32, length: 24 }

const stepTime = async (
  engineName: 'compiled' | 'wasm',
  shape: ModelShape,
  options?: TimeOptions,
): Promise<number> => {
  const engine = await selectEngine(engineName)
  const { step, params } = benchTrainStep(engine, benchClassifier(shape))
  const batch = benchBatch(shape)
  try {
    return await medianTime(() => step([batch], { learningRate: 1e-5 }), options)
  } finally {
    params.dispose()
    engine.dispose()
  }
}

const compiledLine = async (shape: ModelShape): Promise<BenchLine> =>
  benchLine(
    'train',
    shapeName(shape),
    'compiled',
    await stepTime('compiled', shape, { seconds: 10 }),
    shape.batch,
  )

/** One training step - forward, backward, clipping, AdamW - against PyTorch and against eager wasm. */
export async function* trainBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  const shapes = [LARGE, SMALL].filter((shape) => wanted(shapeName(shape), 'compiled'))
  const torch = await torchTimes(shapes.map((shape) => ({ work: 'train', shape })))
  for (const [i, shape] of shapes.entries()) {
    const line = await compiledLine(shape)
    const peer = typeof torch === 'string' ? undefined : torch[i]
    yield peer === undefined ? { ...line, note: String(torch) } : withPeer(line, peer.peer, peer.ms)
  }
  if (!wanted(shapeName(SMALL), 'wasm')) return
  const wasm = await stepTime('wasm', SMALL, { rounds: 3 })
  yield withPeer(await compiledLine(SMALL), 'TensorFlow.js wasm, eager', wasm)
}
