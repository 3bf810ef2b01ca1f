import '@kic/tool-chromium/software-adapter'
import { selectEngine } from '@kic/engine'
import { adapterName } from '../adapter-name.ts'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine, withPeer } from '../bench-line.ts'
import { benchBatch, benchClassifier, benchTrainStep } from '../classifier.ts'
import { medianTime, type TimeOptions } from '../median-time.ts'
import { type ModelShape, shapeName } from '../model-shape.ts'
import { torchTimes } from '../torch-peer.ts'

const LARGE: ModelShape = { hidden: 768, layers: 6, vocabulary: 32_000, batch: 32, length: 24 }
const SMALL: ModelShape = { hidden: 256, layers: 4, vocabulary: 8_000, batch: 32, length: 24 }
/** Small enough for an adapter that computes on the processor. */
const TINY: ModelShape = { hidden: 64, layers: 1, vocabulary: 1_000, batch: 8, length: 24 }

export interface TrainBenchOptions {
  /** `webgpu`: measures the GPU beside the compiled engine and PyTorch. */
  readonly engine?: 'webgpu' | undefined
}

const stepTime = async (
  engineName: 'compiled' | 'wasm' | 'webgpu',
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

const stepLine = async (engine: 'compiled' | 'webgpu', shape: ModelShape): Promise<BenchLine> =>
  benchLine('train', shapeName(shape), engine, await stepTime(engine, shape, { seconds: 10 }), shape.batch)

/** The same step on the GPU, compiled and in PyTorch, in one run; every line has the name of the adapter. */
async function* gpuLines(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  const shapes = [TINY, SMALL, LARGE].filter((shape) => wanted(shapeName(shape), 'webgpu'))
  const torch = await torchTimes(shapes.map((shape) => ({ work: 'train', shape })))
  for (const [i, shape] of shapes.entries()) {
    const line = { ...(await stepLine('webgpu', shape)), adapter: adapterName() }
    yield withPeer(line, 'compiled', (await stepLine('compiled', shape)).ms)
    const peer = typeof torch === 'string' ? undefined : torch[i]
    yield peer === undefined ? { ...line, note: String(torch) } : withPeer(line, peer.peer, peer.ms)
  }
}

/** One training step - forward, backward, clipping, AdamW - against PyTorch and against eager wasm. */
export async function* trainBench(
  wanted: BenchFilter,
  { engine }: TrainBenchOptions = {},
): AsyncGenerator<BenchLine> {
  if (engine === 'webgpu') return yield* gpuLines(wanted)
  const shapes = [LARGE, SMALL].filter((shape) => wanted(shapeName(shape), 'compiled'))
  const torch = await torchTimes(shapes.map((shape) => ({ work: 'train', shape })))
  for (const [i, shape] of shapes.entries()) {
    const line = await stepLine('compiled', shape)
    const peer = typeof torch === 'string' ? undefined : torch[i]
    yield peer === undefined ? { ...line, note: String(torch) } : withPeer(line, peer.peer, peer.ms)
  }
  if (!wanted(shapeName(SMALL), 'wasm')) return
  const wasm = await stepTime('wasm', SMALL, { rounds: 3 })
  yield withPeer(await stepLine('compiled', SMALL), 'TensorFlow.js wasm, eager', wasm)
}
