import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
}

/** A page's server on the loopback interface. Close it. */
export interface ProjectServer {
  readonly origin: string
  close(): Promise<void>
}

/** Serves a page for each bundle (`/page/NAME`), the bundles, the model and ONNX Runtime's WebAssembly. */
export const serveProject = async (project: string, bundles: string): Promise<ProjectServer> => {
  const folders: Readonly<Record<string, string>> = {
    bundles,
    model: join(project, 'node_modules/@kic/model-mini/model'),
    ort: join(project, 'node_modules/onnxruntime-web/dist'),
  }
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://127.0.0.1').pathname)
    const [, top = '', ...rest] = path.split('/')
    if (top === 'page') {
      const page = `<!doctype html><meta charset="utf-8"><body><script type="module" src="/bundles/${rest.join('/')}"></script>`
      response.writeHead(200, { 'content-type': 'text/html' }).end(page)
      return
    }
    const folder = folders[top]
    const body =
      folder === undefined ? undefined : await readFile(join(folder, ...rest)).catch(() => undefined)
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
