import '@kic/tool-chromium/software-adapter'
import { type Engine, type EngineChoice, selectEngine } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine, missingLine } from '../bench-line.ts'
import { benchBatch, benchClassifier, benchTrainStep } from '../classifier.ts'
import { median } from '../median-time.ts'
import { type ModelShape, shapeName } from '../model-shape.ts'

const SHAPES: readonly ModelShape[] = [
  { hidden: 256, layers: 4, vocabulary: 8_000, batch: 4, length: 24 },
  { hidden: 256, layers: 12, vocabulary: 32_000, batch: 4, length: 24 },
]
const ENGINES: readonly EngineChoice[] = ['compiled', 'webgpu']
/** The first step also uploads parameters, moments and pools of dropout masks. */
const STEPS = 3
/** What a step may copy besides its feeds, bytes. */
const ALLOWANCE = 4096

const bytesOf = (tensors: HostTensors): number =>
  Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0)

/** The averages that a run keeps: on the device, or none where they cost no copy. */
const averagesOf = async (engine: Engine, params: ReturnType<Engine['place']>) => {
  if (engine.averages === undefined) return undefined
  const trained = Object.entries(await params.read()).filter(([, { dtype }]) => dtype === 'float32')
  return engine.averages(params, Object.fromEntries(trained))
}

const trafficLine = async (engine: Engine, shape: ModelShape): Promise<BenchLine> => {
  const { step, params } = benchTrainStep(engine, benchClassifier(shape))
  const averages = await averagesOf(engine, params)
  const batch = benchBatch(shape)
  const feeds = bytesOf(batch)
  const times: number[] = []
  let [uploaded, downloaded] = [0, 0]
  try {
    for (let i = 0; i < STEPS; i++) {
      const before = engine.device
      const start = performance.now()
      await step([batch], { learningRate: 1e-5 })
      await averages?.update(0.999)
      times.push(performance.now() - start)
      const after = engine.device
      if (before === undefined || after === undefined) continue
      ;[uploaded, downloaded] = [after.uploaded - before.uploaded, after.downloaded - before.downloaded]
    }
  } finally {
    step.dispose()
    averages?.dispose()
    params.dispose()
  }
  const allowed = feeds + ALLOWANCE
  return {
    ...benchLine('traffic', shapeName(shape), engine.name, median(times), shape.batch),
    uploadedBytes: uploaded,
    downloadedBytes: downloaded,
    feedBytes: feeds,
    check: {
      found:
        engine.device === undefined
          ? 'computes in the memory of the process: nothing is copied'
          : `${uploaded} bytes up and ${downloaded} down a step, allowed ${allowed}: the feeds, ${feeds}, and ${ALLOWANCE}`,
      passes: uploaded + downloaded <= allowed,
    },
  }
}

/** Bytes that a training step with dropout, clipping and averages of weights copies to and from a device. */
export async function* trafficBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  for (const name of ENGINES) {
    const shapes = SHAPES.filter((shape) => wanted(shapeName(shape), name))
    if (shapes.length === 0) continue
    let engine: Engine
    try {
      engine = await selectEngine(name)
    } catch (error) {
      yield missingLine('traffic', 'all', name, error instanceof Error ? error.message : String(error))
      continue
    }
    try {
      for (const shape of shapes) yield await trafficLine(engine, shape)
    } finally {
      engine.dispose()
    }
  }
}
