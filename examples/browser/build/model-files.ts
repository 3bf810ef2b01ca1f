import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filesIn, loadPredictor } from '@kic/predictor/node'
import type { Plugin } from 'vite'

/** Files that are read later than at loading: coded texts, which the first explanation reads. */
const LATER = ['examples.safetensors']

/**
 * The files that a predictor reads from the folder of a model or an ensemble, found by loading it. Other files of the
 * folder, such as training weights and model cards, stay at home.
 *
 * @throws KicError as `loadPredictor`
 */
export const readFiles = async (folder: string): Promise<readonly string[]> => {
  const { name, read } = filesIn(folder)
  const found = new Set<string>()
  const readOne = async (path: string): Promise<Uint8Array | undefined> => {
    const bytes = await read(path)
    if (bytes !== undefined) found.add(path)
    return bytes
  }
  const predictor = await loadPredictor({ name, read: readOne })
  await predictor.dispose()
  await Promise.all(LATER.map(readOne))
  return [...found].sort()
}

/** Serves a model's files under `model/` while the page is developed, and copies them beside the built page. */
export const modelFiles = (folder: string, files: readonly string[]): Plugin => ({
  name: 'kic-model',
  configureServer: (server) => {
    server.middlewares.use('/model', (request, response, next) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      const path = decodeURIComponent(pathname.slice(1))
      if (!files.includes(path)) return next()
      createReadStream(join(folder, path))
        .on('error', () => {
          response.statusCode = 404
          response.end()
        })
        .pipe(response)
    })
  },
  async generateBundle() {
    for (const path of files) {
      this.emitFile({ type: 'asset', fileName: `model/${path}`, source: await readFile(join(folder, path)) })
    }
  },
})
