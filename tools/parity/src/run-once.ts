import type { Engine, TensorFunction } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'

/** Places the parameters, runs the function once, and frees both. */
export const runOnce = async (
  engine: Engine,
  params: HostTensors,
  feeds: HostTensors,
  fn: TensorFunction,
): Promise<HostTensors> => {
  const placed = engine.place(params)
  const compiled = engine.compile(fn)
  try {
    return await compiled(placed, feeds)
  } finally {
    compiled.dispose()
    placed.dispose()
  }
}
