import { isKicError } from '@kic/core'
import { exportOnnx, selectEngine } from '@kic/engine'
import { initialize } from '@kic/nn'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine, missingLine, round, withPeer } from '../bench-line.ts'
import { benchBatch, benchClassifier, benchTrainStep } from '../classifier.ts'
import { engineWork, feedsOf, inference } from '../engine-work.ts'
import { bestMatmulRate } from '../matmul-rate.ts'
import { medianTime, medianTimesInTurn } from '../median-time.ts'
import { type ModelShape, shapeName } from '../model-shape.ts'
import { inOwnProcess } from '../own-process.ts'
import { productsOf } from '../products.ts'
import { type TorchWork, torchTimes } from '../torch-peer.ts'
import type { WasmTime } from '../wasm-process.ts'

const MODELS = [
  { hidden: 256, layers: 4, vocabulary: 8_000 },
  { hidden: 768, layers: 6, vocabulary: 32_000 },
  { hidden: 1024, layers: 2, vocabulary: 32_000 },
]
const LENGTHS = [16, 24, 64]
const WORKS = ['train', 'infer'] as const
const ENGINES = { train: ['compiled', 'wasm'], infer: ['compiled', 'int8', 'wasm'] } as const

type EngineName = (typeof ENGINES)[TorchWork['work']][number]
type Measured = Pick<BenchLine, 'gflops' | 'productShare' | 'updateShare'> & {
  readonly ms: number
  /** Of all matrix products. */
  readonly gflop?: number | undefined
}

const configOf = ({ work, shape }: TorchWork): string => `${work} ${shapeName(shape)}`

/**
 * Training steps and inference of three classifiers at three lengths: compiled, with int8 weights, and eager wasm, each
 * against PyTorch; and how near the compiled ones come to the machine's best rate in matrix products.
 */
export async function* engineBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  const compiled = await selectEngine('compiled')
  const best = await bestMatmulRate(compiled)
  compiled.dispose()
  yield { ...benchLine('engine', `matmul ${best.size}`, 'compiled', best.ms), gflops: round(best.gflops, 1) }
  for (const model of MODELS) {
    const dropout: ModelShape = { ...model, batch: 32, length: 24 }
    const dropoutConfig = `dropout ${shapeName(dropout)}`
    if (model.hidden === 768 && wanted(dropoutConfig, 'compiled'))
      yield await dropoutLine(dropout, dropoutConfig)
    const works = WORKS.flatMap((work) =>
      LENGTHS.map((length) => ({ work, shape: { ...model, batch: 32, length } })),
    )
      .map((item) => ({
        ...item,
        engines: ENGINES[item.work].filter((engine) => wanted(configOf(item), engine)),
      }))
      .filter(({ engines }) => engines.length > 0)
    if (works.length === 0) continue
    const torch = await torchTimes(works)
    for (const [i, { work, shape, engines }] of works.entries()) {
      const peer = typeof torch === 'string' ? undefined : torch[i]
      for (const engine of engines) {
        const config = configOf({ work, shape })
        try {
          const { ms, gflop, ...shares } = await MEASURE[engine]({ work, shape })
          const line = { ...benchLine('engine', config, engine, ms, shape.batch), ...shares }
          if (peer === undefined) yield { ...line, note: String(torch) }
          else {
            const bound =
              gflop === undefined ? {} : { ratioBound: round((peer.ms * best.gflops) / (1000 * gflop), 2) }
            yield { ...withPeer(line, peer.peer, peer.ms), ...bound }
          }
        } catch (error) {
          yield missingLine('engine', config, engine, isKicError(error) ? error.message : String(error))
        }
      }
    }
  }
}

/** What dropout at the published rate of 0.1 costs: a training step with it and one without take turns. */
const dropoutLine = async (shape: ModelShape, config: string): Promise<BenchLine> => {
  const engine = await selectEngine('compiled')
  const batch = benchBatch(shape)
  const steps = [0.1, 0].map((rate) => {
    const { step } = benchTrainStep(engine, benchClassifier(shape, rate))
    return () => step([batch], { learningRate: 1e-5 })
  })
  try {
    const [ms = 0, without = 0] = await medianTimesInTurn(steps, 9)
    return withPeer(
      benchLine('engine', config, 'compiled', ms, shape.batch),
      'the same without dropout',
      without,
    )
  } finally {
    engine.dispose()
  }
}

const MEASURE: Readonly<Record<EngineName, (of: TorchWork) => Promise<Measured>>> = {
  compiled: (of) => onCompiled(of),
  wasm: (of) => onWasm(of),
  int8: ({ shape }) => onInt8(shape),
}

const onCompiled = async (of: TorchWork): Promise<Measured> => {
  const engine = await selectEngine('compiled')
  try {
    const run = engineWork(engine, of)
    const ms = await medianTime(run)
    const profile = await engine.profile(run)
    const products = productsOf(profile)
    const update = profile.operators.find((entry) => entry.name === '(AdamW)')
    return {
      ms,
      gflop: products.gflop,
      gflops: round((1000 * products.gflop) / products.ms, 1),
      productShare: round(products.share, 3),
      ...(update === undefined ? {} : { updateShare: round(update.share, 3) }),
    }
  } finally {
    engine.dispose()
  }
}

const onWasm = async (of: TorchWork): Promise<Measured> => {
  const time = await inOwnProcess<TorchWork, WasmTime>('./wasm-process.ts', of)
  if ('error' in time) throw new Error(time.error)
  return time
}

/** The exported model with int8 weights and symbolic axes, as it would be deployed. */
const onInt8 = async (shape: ModelShape): Promise<Measured> => {
  const model = benchClassifier(shape)
  const axes = { dtype: 'int32', shape: ['batch', 'sequence'] } as const
  const bytes = exportOnnx(
    inference(model),
    initialize(model.parameters, 0),
    { inputs: { input_ids: axes, attention_mask: axes } },
    'int8',
  )
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 })
  const feeds = Object.fromEntries(
    Object.entries(feedsOf(shape)).map(([name, { dtype, data, shape: dims }]) => [
      name,
      new Tensor(dtype, data, dims),
    ]),
  )
  try {
    return { ms: await medianTime(() => session.run(feeds)) }
  } finally {
    await session.release()
  }
}
