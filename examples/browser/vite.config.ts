import { modelFolder } from '@kic/model-mini'
import { defineConfig, type UserConfig } from 'vite'
import { modelFiles, readFiles } from './build/model-files.ts'
import { offline } from './build/service-worker.ts'

export default defineConfig(async (): Promise<UserConfig> => {
  // KIC_MODEL is the folder of another model, or of an ensemble.
  const folder = process.env.KIC_MODEL ?? modelFolder
  const files = await readFiles(folder)
  return {
    // Paths of the built page are relative, so that it can be put anywhere.
    base: './',
    // A file that is not there is an error, not the page again.
    appType: 'mpa',
    // Inside this repository packages resolve to their sources.
    resolve: {
      conditions: ['@kic/source', 'module', 'browser', 'development|production'],
      // The build for WebAssembly alone: half as large as the one that also knows WebGPU.
      // The training page has a runtime of its own, which it gives to everything that would import one.
      alias: [{ find: /^onnxruntime-(web|node)$/, replacement: 'onnxruntime-web/wasm' }],
    },
    worker: { format: 'es' },
    plugins: [modelFiles(folder, files), offline()],
    // The page asks for no other file of the model, because a browser reports every missing one on the console.
    define: { MODEL_FILES: JSON.stringify(files) },
    build: {
      target: 'es2022',
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: ['index.html', 'train.html'] },
    },
  }
})
