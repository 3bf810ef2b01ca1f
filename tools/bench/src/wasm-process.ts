import { selectEngine } from '@kic/engine'
import { engineWork } from './engine-work.ts'
import { medianTime } from './median-time.ts'
import { answerJob } from './own-process.ts'
import type { TorchWork } from './torch-peer.ts'

/** What eager wasm took, or why it did not end. */
export type WasmTime = { readonly ms: number } | { readonly error: string }

/** Eager wasm takes seconds to minutes where others take milliseconds. */
const ONCE = { warmUp: 0, rounds: 1 }

// A process of its own: wasm memory that one work has used up is missing to the next.
answerJob(async (job: TorchWork): Promise<WasmTime> => {
  try {
    const engine = await selectEngine('wasm')
    return { ms: await medianTime(engineWork(engine, job), ONCE) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
})
