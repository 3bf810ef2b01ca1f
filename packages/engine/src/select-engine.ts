import { isKicError, KicError } from '@kic/core'
import type { CompiledEngineOptions } from './compiled/compiled-engine.ts'
import type { Engine } from './contract.ts'
import { type EngineStarter, engineStarters } from './engine-starters.ts'

/** What `selectEngine` can be asked for. */
export type EngineChoice = 'auto' | Engine['name']

/** The order in which engines are tried, quickest first. */
const ORDER: readonly Engine['name'][] = ['tfjs-node-gpu', 'compiled', 'tfjs-node', 'wasm', 'cpu']

/**
 * The engine to run on. `auto` takes the first that starts of tfjs-node-gpu, compiled, tfjs-node, wasm and cpu; the
 * engine's `description` says which one that is, and why the ones before it were passed over.
 *
 * @throws KicError `engine/not-installed`, `engine/unavailable` or `engine/no-onnxruntime` with what to install, when a
 *   named engine does not start; `engine/execution-provider` when ONNX Runtime lacks what `session.executionProviders`
 *   asks for; `engine/unknown` for a name that is none.
 */
export const selectEngine = (
  choice: EngineChoice = 'auto',
  options: CompiledEngineOptions = {},
): Promise<Engine> => selectFrom(engineStarters, choice, options)

/** `selectEngine` among given engines. */
export const selectFrom = async (
  starters: Readonly<Record<Engine['name'], EngineStarter>>,
  choice: EngineChoice,
  options: CompiledEngineOptions,
): Promise<Engine> => {
  if (choice !== 'auto') {
    if (ORDER.includes(choice)) return starters[choice]('as asked', options)
    throw new KicError(
      'engine/unknown',
      `selectEngine: there is no engine "${String(choice)}"; known: auto, ${ORDER.join(', ')}`,
    )
  }
  const passed: string[] = []
  for (const name of ORDER) {
    try {
      const reason = passed.length === 0 ? 'the first choice' : `passed over: ${passed.join('; ')}`
      return await starters[name](reason, options)
    } catch (error) {
      // An option that cannot be met is no missing engine, and must not be met by another one unasked.
      if (!isKicError(error) || error.code === 'engine/execution-provider') throw error
      passed.push(
        error.code === 'engine/not-installed'
          ? `${name} is not installed`
          : `${name} (${error.message.split('. ')[0]})`,
      )
    }
  }
  throw new KicError('engine/unavailable', `selectEngine: no engine starts here: ${passed.join('; ')}`)
}
