import { isKicError, KicError } from '@kic/core'
import type { CompiledEngineOptions } from './compiled/compiled-engine.ts'
import type { Engine } from './contract.ts'
import { type EngineStarter, engineStarters } from './engine-starters.ts'
import type { EngineErrorCode } from './error-code.ts'

/** The choices of `selectEngine`. */
export type EngineChoice = 'auto' | Engine['name']

/** The order in which `auto` tries engines. webgpu is taken only by name: a GPU may be slower than the processor. */
const ORDER: readonly Engine['name'][] = ['tfjs-node-gpu', 'compiled', 'tfjs-node', 'wasm', 'cpu']

/**
 * Selects the engine to run on. `auto` takes the first of tfjs-node-gpu, compiled, tfjs-node, wasm and cpu that starts.
 * The engine's `description` gives the choice, and the reasons for skipping the engines before it.
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
      const reason = passed.length === 0 ? 'the first choice' : `skipped: ${passed.join('; ')}`
      return await starters[name](reason, options)
    } catch (error) {
      // An option that cannot be met does not mean that the engine is missing, so no other engine may replace it
      // silently.
      if (!isKicError(error) || error.code === 'engine/execution-provider') throw error
      passed.push(
        error.code === 'engine/not-installed'
          ? `${name} is not installed`
          : `${name} (${error.message.replace(/^selectEngine: /, '').split('. ')[0]})`,
      )
    }
  }
  throw new KicError<EngineErrorCode>(
    'engine/unavailable',
    `selectEngine: at least one engine must start, received failures: ${passed.join('; ')}. Install one of them.`,
  )
}
