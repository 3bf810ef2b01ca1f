import { createReadStream, existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Files that a predictor reads in a browser; the model card and float32 weights stay at home. */
const isRead = (path: string): boolean => /(^|\/)[\w-]+(\.json|_quantized\.onnx)$/.test(path)

/** What the page loads, relative to itself: a model's folder, or an ensemble's file, so that it never asks for a missing one. */
export const modelPath = (folder: string): string =>
  existsSync(join(folder, 'config.json')) ? 'model/' : 'model/ensemble.json'

/** Serves a model's folder under `model/` while the page is developed, and copies it beside the built page. */
export const modelFiles = (folder: string): Plugin => ({
  name: 'kic-model',
  configureServer: (server) => {
    server.middlewares.use('/model', (request, response, next) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      if (!isRead(pathname) || pathname.includes('..')) return next()
      createReadStream(join(folder, pathname))
        .on('error', () => {
          response.statusCode = 404
          response.end()
        })
        .pipe(response)
    })
  },
  async generateBundle() {
    for (const path of await readdir(folder, { recursive: true })) {
      if (!isRead(path)) continue
      this.emitFile({ type: 'asset', fileName: `model/${path}`, source: await readFile(join(folder, path)) })
    }
  },
})
