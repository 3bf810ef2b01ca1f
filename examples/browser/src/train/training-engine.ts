import { type Engine, type OnnxRuntime, selectEngine } from '@kic/engine'

/** The engine that trains, and what it runs on. */
export interface TrainingEngine {
  readonly engine: Engine
  /** The GPU's name, as far as the browser tells; `undefined` on the processor. */
  readonly gpu: string | undefined
}

/** The WebGPU engine if the browser gives the page a GPU, else the compiled engine on the processor. */
export const trainingEngine = async (runtime: OnnxRuntime): Promise<TrainingEngine> => {
  const gpu = await gpuName()
  const engine = await selectEngine(gpu === undefined ? 'compiled' : 'webgpu', { runtime })
  return { engine, gpu }
}

/** Parts of an adapter's name, the best one first. */
const NAMES = ['description', 'architecture', 'vendor'] as const

const gpuName = async (): Promise<string | undefined> => {
  const { gpu }: { readonly gpu?: { requestAdapter(): Promise<object | null> } } = navigator
  const adapter = await gpu?.requestAdapter()
  if (adapter === null || adapter === undefined) return undefined
  const info: unknown = 'info' in adapter ? adapter.info : undefined
  const names = NAMES.map((name): unknown => Reflect.get(Object(info), name))
  return names.find((name): name is string => typeof name === 'string' && name !== '') ?? 'GPU'
}
