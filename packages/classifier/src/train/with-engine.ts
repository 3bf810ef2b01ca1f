import { type Engine, type EngineChoice, selectEngine } from '@kic/engine'

/** Runs work on the given engine, or on one that is selected now and disposed of afterwards. */
export const withEngine = async <T>(
  given: Engine | EngineChoice | undefined,
  work: (engine: Engine) => Promise<T>,
): Promise<T> => {
  if (typeof given === 'object') return work(given)
  const engine = await selectEngine(given ?? 'auto')
  try {
    return await work(engine)
  } finally {
    engine.dispose()
  }
}
