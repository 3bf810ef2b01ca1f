import { isKicError, KicError } from '@kic/core'
import type { CompiledEngineOptions } from './compiled/compiled-engine.ts'
import type { Engine } from './contract.ts'
import { type EngineStarter, engineStarters } from './engine-starters.ts'
import type { EngineErrorCode } from './error-code.ts'
import { productRate } from './product-rate.ts'
import { mayHaveGpu } from './webgpu/gpu-presence.ts'

/** The choices of `selectEngine`. */
export type EngineChoice = 'auto' | Engine['name']

/** The order in which `auto` tries engines other than webgpu, which it measures beside the one that it finds. */
const ORDER: readonly Engine['name'][] = ['tfjs-node-gpu', 'compiled', 'tfjs-node', 'wasm', 'cpu']

/**
 * Selects the engine to run on. `auto` takes the first of tfjs-node-gpu, compiled, tfjs-node, wasm and cpu that starts, or
 * webgpu if that starts, too, and is faster in a short matrix product. `session.executionProviders` leave webgpu out. The
 * engine's `description` gives the choice, what was measured, and the reasons for skipping engines.
 *
 * @throws KicError `engine/not-installed`, `engine/unavailable` or `engine/no-onnxruntime` with the install command, if
 * a named engine does not start; `engine/execution-provider` if ONNX Runtime lacks a provider of
 * `session.executionProviders`; `engine/unknown` for an unknown name
 */
export const selectEngine = (
  choice: EngineChoice = 'auto',
  options: CompiledEngineOptions = {},
): Promise<Engine> => selectFrom(engineStarters, choice, options)

/** `selectEngine` among the given engines. */
export const selectFrom = async (
  starters: Readonly<Record<Engine['name'], EngineStarter>>,
  choice: EngineChoice,
  options: CompiledEngineOptions,
): Promise<Engine> => {
  if (choice !== 'auto') {
    if (Object.hasOwn(starters, choice)) return starters[choice]('as asked', options)
    throw new KicError<EngineErrorCode>(
      'engine/unknown',
      `selectEngine: the engine must be auto or one of ${Object.keys(starters).join(', ')}, received "${String(choice)}". Correct the name.`,
    )
  }
  const passed: string[] = []
  for (const name of ORDER) {
    try {
      const first = await starters[name]('measured', options)
      return await fasterOf(starters, first, passed, options)
    } catch (error) {
      // An option that cannot be met does not mean that the engine is missing, so no other engine may replace it
      // silently.
      if (!isKicError(error) || error.code === 'engine/execution-provider') throw error
      passed.push(
        error.code === 'engine/not-installed'
          ? `${name} is not installed`
          : `${name} (${firstSentence(error)})`,
      )
    }
  }
  throw new KicError<EngineErrorCode>(
    'engine/unavailable',
    `selectEngine: at least one engine must start, received failures: ${passed.join('; ')}. Install one of them.`,
  )
}

/** The given engine or webgpu, whichever is faster where both start, with what decided. */
const fasterOf = async (
  starters: Readonly<Record<Engine['name'], EngineStarter>>,
  first: Engine,
  passed: readonly string[],
  options: CompiledEngineOptions,
): Promise<Engine> => {
  const gpu = await startedGpu(starters, options)
  if (typeof gpu === 'string') {
    first.dispose()
    return starters[first.name](`skipped: ${[...passed, `webgpu ${gpu}`].join('; ')}`, options)
  }
  try {
    const [own, other] = [await productRate(first), await productRate(gpu)]
    const ratio = `${Number((other / own).toPrecision(2))} × as fast`
    const skipped = passed.length === 0 ? '' : `; skipped: ${passed.join('; ')}`
    return other > own
      ? await starters.webgpu(`${ratio} as ${first.name}${skipped}`, options)
      : await starters[first.name](`webgpu is ${ratio}${skipped}`, options)
  } finally {
    first.dispose()
    gpu.dispose()
  }
}

/** The engine webgpu, or why it is not tried or does not start. */
const startedGpu = async (
  starters: Readonly<Record<Engine['name'], EngineStarter>>,
  options: CompiledEngineOptions,
): Promise<Engine | string> => {
  if (options.session?.executionProviders !== undefined) return 'is not among the execution providers'
  if (!mayHaveGpu()) return 'finds no GPU'
  try {
    return await starters.webgpu('measured', options)
  } catch (error) {
    if (!isKicError(error)) throw error
    return error.code === 'engine/unavailable' ? 'finds no GPU' : `(${firstSentence(error)})`
  }
}

const firstSentence = ({ message }: Error): string =>
  message.replace(/^selectEngine: /, '').split('. ')[0] ?? ''
