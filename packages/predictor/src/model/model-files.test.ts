import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { saveTinyModel } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadPredictor } from '../load-predictor.ts'

const PAGE = '<!doctype html>\n<html><body><div id="app"></div></body></html>'

let folder: string
let server: Server
let origin: string
/** Paths that the folder of the server lacks. */
let lacking: RegExp
let contentType: string | undefined
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-files-'))
  await saveTinyModel(folder)
  // Like development servers of single-page apps: unknown paths return the page with status 200.
  server = createServer(async (request, response) => {
    const path = request.url ?? ''
    const body = lacking.test(path) ? undefined : await readFile(join(folder, path)).catch(() => undefined)
    if (body === undefined && contentType !== undefined) response.setHeader('content-type', contentType)
    response.end(body ?? PAGE)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  origin = `http://127.0.0.1:${address.port}/`
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

const load = async () => loadPredictor(origin, { runtime: await import('onnxruntime-node') })

it.each([['text/html; charset=utf-8'], [undefined]])(
  'treats a page (%s) instead of an optional file as a missing file',
  async (type) => {
    lacking = /kic\.json|preparation\.json|tokenizer_config|special_tokens_map|quantized/
    contentType = type
    const predictor = await load()
    expect(predictor.info).toMatchObject({
      models: [{ precision: 'float32' }],
      classification: { name: 'labels' },
    })
    expect(predictor.info.warnings.join()).toContain('preparation.json')
    expect(await predictor.predict('쌀')).toMatchObject({ status: 'coded' })
    await predictor.dispose()
  },
)

it.each([
  [/config\.json/, 'predictor/config', 'config.json'],
  [/tokenizer\.json/, 'predictor/no-tokenizer', 'tokenizer.json'],
  [/onnx/, 'predictor/no-weights', 'onnx/model_quantized.onnx'],
])('reports a page instead of %s', async (pattern, code, path) => {
  lacking = pattern
  contentType = 'text/html'
  await expect(load()).rejects.toMatchObject({
    code,
    message: expect.stringContaining(`the server answers ${origin}${path} with an HTML page`),
  })
})
