import { defineConfig, type Options } from 'tsup'

/** How every package of this repository is built: ES modules, CommonJS and types of both. */
export const library = (options: Options = {}) =>
  defineConfig({
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    target: 'node20',
    dts: true,
    sourcemap: true,
    clean: true,
    // Inside this repository imports resolve to sources; a published bundle must import the packages instead.
    esbuildOptions: (esbuild) => {
      esbuild.conditions = []
      // A Hangul syllable takes three bytes; escaped it would take six.
      esbuild.charset = 'utf8'
    },
    ...options,
  })
