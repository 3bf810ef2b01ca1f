import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { type Engine, selectEngine } from '@kic/engine'
import { type RunEnd, smallRun } from './small-run.ts'

/** Largest differences from the compiled engine. */
const LIMITS = { loss: 1e-4, parameter: 1e-3 }

/** What one comparison found. */
export interface Comparison {
  readonly name: string
  readonly pass: boolean
  readonly said: string
}

/** The largest differences of losses and parameters; those of `a` decide which steps are compared. */
const differences = (a: RunEnd, b: RunEnd): { readonly loss: number; readonly parameter: number } => {
  const furthest = (values: readonly number[]): number => values.reduce((x, y) => (y <= x ? x : y), 0)
  return {
    loss: furthest([...a.losses].map(([step, x]) => Math.abs(x - (b.losses.get(step) ?? Number.NaN)))),
    parameter: furthest(
      Object.entries(a.params).flatMap(([name, { data }]) =>
        Array.from(data, (x, i) => Math.abs(x - (b.params[name]?.data[i] ?? Number.NaN))),
      ),
    ),
  }
}

const compared = (name: string, a: RunEnd, b: RunEnd, limits = LIMITS): Comparison => {
  const { loss, parameter } = differences(a, b)
  return {
    name,
    pass: loss <= limits.loss && parameter <= limits.parameter,
    said: `${a.losses.size} losses differ by at most ${loss.toPrecision(2)}, parameters by ${parameter.toPrecision(2)}`,
  }
}

/**
 * Trains on webgpu and on compiled, whole and interrupted in the middle, and resumes each on both.
 *
 * @param folder an empty one, for checkpoints
 */
export const compareRuns = async (
  folder: string,
  steps: number,
  say: (comparison: Comparison) => void,
): Promise<boolean> => {
  const engines: Engine[] = []
  const start = async (name: 'webgpu' | 'compiled'): Promise<Engine> => {
    const engine = await selectEngine(name)
    engines.push(engine)
    return engine
  }
  let passed = true
  const report = (comparison: Comparison): void => {
    passed &&= comparison.pass
    say(comparison)
  }
  try {
    const [webgpu, compiled] = [await start('webgpu'), await start('compiled')]
    const half = Math.floor(steps / 2)
    const interrupted = async (engine: Engine): Promise<string> => {
      const path = join(folder, engine.name)
      await smallRun(engine, { steps, folder: path, endAfter: half })
      return path
    }
    let copies = 0
    const resumed = async (engine: Engine, from: string): Promise<RunEnd> => {
      const copy = join(folder, `copy-${copies++}`)
      await cp(from, copy, { recursive: true })
      return smallRun(engine, { steps, folder: copy })
    }
    const [onGpu, onCpu] = [await smallRun(webgpu, { steps }), await smallRun(compiled, { steps })]
    report(compared('webgpu and compiled', onGpu, onCpu))
    const saved = await interrupted(webgpu)
    report(
      compared('webgpu, interrupted and resumed', await resumed(webgpu, saved), onGpu, {
        loss: 0,
        parameter: 0,
      }),
    )
    report(compared('compiled resumes webgpu', await resumed(compiled, saved), onCpu))
    report(compared('webgpu resumes compiled', await resumed(webgpu, await interrupted(compiled)), onCpu))
    return passed
  } finally {
    for (const engine of engines) engine.dispose()
  }
}
