import fc from 'fast-check'

/**
 * Vitest's setup: every property is tested with one seed, so a test that passes today passes tomorrow. `npm run fuzz --
 * properties` sets other seeds and more examples, for findings that a fixed seed never has. Own parameters of a test win.
 */
const { KIC_PROPERTY_SEED: seed = '7', KIC_PROPERTY_RUNS: runs = '100' } = process.env
fc.configureGlobal({ seed: Number(seed), numRuns: Number(runs) })
