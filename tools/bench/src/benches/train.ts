import { selectEngine } from '@kic/engine'
import { type BenchLine, benchLine, withPeer } from '../bench-line.ts'
import { benchBatch, benchClassifier, benchTrainStep } from '../classifier.ts'
import { medianTime } from '../median-time.ts'
import { type ModelShape, shapeName } from '../model-shape.ts'
import { torchTime } from '../torch-peer.ts'

const LARGE: ModelShape = { hidden: 768, layers: 6, vocabulary: 32_000, batch: 32, length: 24 }
const SMALL: ModelShape = { hidden: 256, layers: 4, vocabulary: 8_000, batch: 32, length: 24 }

const stepTime = async (
  engineName: 'compiled' | 'wasm',
  shape: ModelShape,
  rounds: number,
): Promise<number> => {
  const engine = await selectEngine(engineName)
  const { step, params } = benchTrainStep(engine, benchClassifier(shape))
  const batch = benchBatch(shape)
  try {
    return await medianTime(() => step([batch], { learningRate: 1e-5 }), {
      rounds,
      warmUp: Math.min(2, rounds),
    })
  } finally {
    params.dispose()
    engine.dispose()
  }
}

const againstTorch = async (shape: ModelShape, rounds: number): Promise<BenchLine> => {
  const line = benchLine(
    'train',
    shapeName(shape),
    'compiled',
    await stepTime('compiled', shape, rounds),
    shape.batch,
  )
  const torch = await torchTime('train', shape, rounds)
  return typeof torch === 'string' ? { ...line, note: torch } : withPeer(line, torch.peer, torch.ms)
}

/** One training step - forward, backward, clipping, AdamW - against PyTorch and against eager wasm. */
export async function* trainBench(): AsyncGenerator<BenchLine> {
  yield await againstTorch(LARGE, 9)
  yield await againstTorch(SMALL, 31)
  const compiled = await stepTime('compiled', SMALL, 31)
  const wasm = await stepTime('wasm', SMALL, 3)
  yield withPeer(
    benchLine('train', shapeName(SMALL), 'compiled', compiled, SMALL.batch),
    'TensorFlow.js wasm, eager',
    wasm,
  )
}
