import { defineConfig } from 'vitest/config'

// Tests resolve every @kic package to its sources, so nothing has to be built first.
export default defineConfig({
  resolve: { conditions: ['@kic/source'] },
  ssr: { resolve: { conditions: ['@kic/source'] } },
  test: {
    include: ['{packages,examples,tools}/*/src/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
  },
})
