import { configDefaults, defineConfig } from 'vitest/config'

const TESTS = 'src/**/*.test.ts'
/** Packages without TensorFlow.js: their test files may share a process, which saves its start. */
const PLAIN = `{packages/{core,classification,data,ensemble,korean-answers,scores,tokenizer},tools/{pack-check,structure}}/${TESTS}`
/** Tests on a GPU, or on the software adapter; elsewhere no engine should look for one. */
const ON_GPU = 'packages/engine/src/webgpu/**/*.test.ts'
const SETUP = ['tools/fuzz/src/properties/reproducible.ts']
/** What TensorFlow.js prints at its first operation; everything else that a test prints is shown. */
const BANNER = 'Hi, looks like you are running TensorFlow.js in Node.js.'

// Tests resolve every @kic package to its sources, so nothing has to be built first.
export default defineConfig({
  resolve: { conditions: ['@kic/source'] },
  ssr: { resolve: { conditions: ['@kic/source'] } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    setupFiles: SETUP,
    onConsoleLog: (log) => !log.includes(BANNER),
    projects: [
      { extends: true, test: { name: 'plain', include: [PLAIN], isolate: false } },
      {
        extends: true,
        // Backends and kernels of TensorFlow.js are global, so each of these files has a process of its own.
        test: {
          name: 'tensors',
          include: [`{packages,examples,tools}/*/${TESTS}`, 'examples/*.test.ts'],
          exclude: [...configDefaults.exclude, PLAIN, ON_GPU],
        },
      },
      {
        extends: true,
        test: {
          name: 'gpu',
          include: [ON_GPU],
          setupFiles: [...SETUP, 'tools/chromium/src/software-adapter.ts'],
        },
      },
    ],
  },
})
