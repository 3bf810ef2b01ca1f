import { type Engine, selectEngine } from '@kic/engine'

/** Runs work with an engine of one thread: small matrices gain nothing from more. */
export const withOneThread = async <T>(work: (engine: Engine) => Promise<T>): Promise<T> => {
  const engine = await selectEngine('compiled', { session: { intraOpNumThreads: 1 } })
  console.log(`engine: ${engine.description}`)
  try {
    return await work(engine)
  } finally {
    engine.dispose()
  }
}
