import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { type Engine, selectEngine } from '@kic/engine'
import type { RunEnd, Training } from './small-run.ts'

/** Largest differences from the compiled engine. */
const LIMITS = { loss: 1e-4, parameter: 1e-3 }
const NONE = { loss: 0, parameter: 0 }

/** What one comparison found. */
export interface Comparison {
  readonly training: string
  readonly name: string
  /** Losses compared. */
  readonly losses: number
  /** Largest differences. */
  readonly loss: number
  readonly parameter: number
  readonly pass: boolean
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

/** The line of a table. */
export const comparisonLine = ({ training, name, losses, loss, parameter, pass }: Comparison): string =>
  columns(training, name, `${losses}`, loss.toPrecision(2), parameter.toPrecision(2), pass ? 'ok' : 'FAILED')

const columns = (...[training, name, losses, loss, parameter, result]: readonly string[]): string =>
  `${training?.padEnd(12)}${name?.padEnd(34)}${losses?.padStart(8)}${loss?.padStart(12)}${parameter?.padStart(12)}  ${result}`

export const COMPARISON_TITLES = columns('training', 'comparison', 'losses', 'loss ±', 'params ±', 'result')

/**
 * Trains on webgpu and on compiled, whole and interrupted in the middle, and resumes each on both.
 *
 * @param folder an empty one, for checkpoints
 */
export const compareRuns = async (
  training: Training,
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
  const compare = (name: string, a: RunEnd, b: RunEnd, limits = LIMITS): void => {
    const { loss, parameter } = differences(a, b)
    const pass = a.losses.size > 0 && loss <= limits.loss && parameter <= limits.parameter
    passed &&= pass
    say({ training: training.name, name, losses: a.losses.size, loss, parameter, pass })
  }
  try {
    const [webgpu, compiled] = [await start('webgpu'), await start('compiled')]
    const half = Math.floor(steps / 2)
    const interrupted = async (engine: Engine): Promise<string> => {
      const path = join(folder, `${training.name}-${engine.name}`)
      await training.run(engine, { steps, folder: path, endAfter: half })
      return path
    }
    let copies = 0
    const resumed = async (engine: Engine, from: string): Promise<RunEnd> => {
      const copy = join(folder, `${training.name}-copy-${copies++}`)
      await cp(from, copy, { recursive: true })
      return training.run(engine, { steps, folder: copy })
    }
    const onGpu = await training.run(webgpu, { steps })
    const onCpu = await training.run(compiled, { steps })
    compare('webgpu and compiled', onGpu, onCpu)
    compare('webgpu, repeated', await training.run(webgpu, { steps }), onGpu, NONE)
    const saved = await interrupted(webgpu)
    compare('webgpu, interrupted and resumed', await resumed(webgpu, saved), onGpu, NONE)
    compare('compiled resumes webgpu', await resumed(compiled, saved), onCpu)
    compare('webgpu resumes compiled', await resumed(webgpu, await interrupted(compiled)), onCpu)
    return passed
  } finally {
    for (const engine of engines) engine.dispose()
  }
}
