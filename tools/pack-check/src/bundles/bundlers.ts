import { join } from 'node:path'
import { KicError } from '@kic/core'
import { build as esbuild } from 'esbuild'
import { build as vite } from 'vite'
import webpack from 'webpack'

/** What a bundle is for. */
export type Target = 'node-esm' | 'node-cjs' | 'browser'
export const TARGETS: readonly Target[] = ['node-esm', 'node-cjs', 'browser']

/** Native code stays outside of bundles and is installed beside them. */
const NATIVE = ['onnxruntime-node']

/** Bundles `entry` (plain JavaScript) into the file `folder/name`. */
export type Bundle = (entry: string, target: Target, folder: string, name: string) => Promise<void>

const withEsbuild: Bundle = async (entry, target, folder, name) => {
  await esbuild({
    entryPoints: [entry],
    outfile: join(folder, name),
    bundle: true,
    format: target === 'node-cjs' ? 'cjs' : 'esm',
    platform: target === 'browser' ? 'browser' : 'node',
    target: 'es2022',
    external: target === 'browser' ? [] : NATIVE,
    logLevel: 'error',
  })
}

const withVite: Bundle = async (entry, target, folder, name) => {
  const format = target === 'node-cjs' ? 'cjs' : 'es'
  await vite({
    configFile: false,
    root: join(entry, '..'),
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: 'es2022',
      ...(target === 'browser' ? {} : { ssr: entry }),
      rolldownOptions: {
        input: entry,
        external: target === 'browser' ? [] : NATIVE,
        output: { format, entryFileNames: name, codeSplitting: false },
      },
    },
    ssr: { noExternal: true, external: NATIVE },
  })
}

const withWebpack: Bundle = (entry, target, folder, name) =>
  new Promise((resolve, reject) => {
    const esm = target === 'node-esm'
    webpack(
      {
        mode: 'production',
        devtool: false,
        entry,
        target: target === 'browser' ? 'web' : 'node20',
        externals:
          target === 'browser'
            ? {}
            : Object.fromEntries(NATIVE.map((id) => [id, `${esm ? 'import' : 'commonjs'} ${id}`])),
        experiments: { outputModule: esm },
        output: { path: folder, filename: name, ...(esm ? { module: true, chunkFormat: 'module' } : {}) },
        optimization: { minimize: false },
        performance: false,
      },
      (error, stats) => {
        if (error !== null) reject(error)
        else if (stats?.hasErrors() === true)
          reject(
            new KicError('pack-check/webpack', `webpack: ${stats.toString({ all: false, errors: true })}`),
          )
        else resolve()
      },
    )
  })

export const BUNDLERS: Readonly<Record<string, Bundle>> = {
  esbuild: withEsbuild,
  vite: withVite,
  webpack: withWebpack,
}

/** The name of a bundle's file; Node.js recognises its format by the extension. */
export const bundleName = (bundler: string, target: Target): string =>
  `${bundler}-${target}.${target === 'node-cjs' ? 'cjs' : target === 'node-esm' ? 'mjs' : 'js'}`
