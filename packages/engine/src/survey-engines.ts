import { isKicError } from '@kic/core'
import type { Engine } from './contract.ts'
import { type EngineStarter, engineStarters } from './engine-starters.ts'
import { productRate } from './product-rate.ts'
import { mayHaveGpu } from './webgpu/gpu-presence.ts'

/** What an engine does on this machine. */
export type EngineFinding =
  | {
      readonly name: Engine['name']
      readonly starts: true
      /** What it reaches in float32 matrix products, in billions of floating-point operations a second. */
      readonly gflops: number
    }
  | {
      readonly name: Engine['name']
      readonly starts: false
      /** Why not, and what to do. */
      readonly problem: string
    }

/**
 * Starts every engine in turn, measures a short matrix product on each, and ends it. `auto` of `selectEngine` decides by the same
 * measurement.
 */
export const surveyEngines = (): Promise<readonly EngineFinding[]> => surveyOf(engineStarters, mayHaveGpu())

/** `surveyEngines` among the given engines. */
export const surveyOf = async (
  starters: Readonly<Record<Engine['name'], EngineStarter>>,
  gpu: boolean,
): Promise<readonly EngineFinding[]> => {
  const found: EngineFinding[] = []
  for (const [name, start] of Object.entries(starters) as [Engine['name'], EngineStarter][]) {
    if (name === 'webgpu' && !gpu) {
      found.push({ name, starts: false, problem: NO_GPU })
      continue
    }
    try {
      const engine = await start('measured', {})
      const gflops = await productRate(engine).finally(() => engine.dispose())
      found.push({ name, starts: true, gflops })
    } catch (error) {
      if (!isKicError(error)) throw error
      found.push({ name, starts: false, problem: error.message.replace(/^\w+: /, '') })
    }
  }
  return found
}

const NO_GPU =
  'this machine shows no GPU (Linux has /dev/dri, /dev/nvidiactl or /dev/dxg for one). In a container, pass the device on; with ' +
  "one, install libvulkan1 and the GPU's Vulkan driver."
