import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, extname, join, normalize } from 'node:path'
import { KicError } from '@kic/core'
import { openChromium } from '@kic/tool-chromium'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import type { TokenBatch } from './token-batches.ts'

export interface BrowserOptions {
  /** Path of Chromium; default: where Debian and others install it. */
  readonly chromium?: string | undefined
  /** Bundle the packages as published, from `dist`, instead of their sources. */
  readonly built: boolean
  /** Folder of the saved classifier. */
  readonly model: string
}

/** Logits from the browser, and a description of the engine. */
export interface BrowserResult {
  readonly logits: number[]
  readonly what: string
}

/** A page in headless Chromium that runs models. Owns browser, server and profile folder. */
export class BrowserRuntime {
  readonly #page: Page
  readonly #owned: readonly (() => Promise<unknown>)[]

  private constructor(page: Page, owned: readonly (() => Promise<unknown>)[]) {
    this.#page = page
    this.#owned = owned
  }

  /** @throws KicError `chromium/not-found` with the install command; `runtimes/page` if the page does not load */
  static async start(options: BrowserOptions): Promise<BrowserRuntime> {
    const owned: (() => Promise<unknown>)[] = []
    try {
      const server = await serve(options.model, await bundle(options.built))
      owned.unshift(() => closed(server))
      const { context, close } = await openChromium({ executable: options.chromium })
      owned.unshift(close)
      const page = await context.newPage()
      const failures: string[] = []
      page.on('pageerror', (error) => failures.push(error.message))
      await page.goto(`http://127.0.0.1:${portOf(server)}/`)
      await page.waitForFunction('globalThis.runtimes', undefined, { timeout: 60_000 }).catch((cause) => {
        throw new KicError(
          'runtimes/page',
          `start: the page must load, received ${failures.join('; ') || cause}. Build the packages and try again.`,
          {
            cause,
          },
        )
      })
      return new BrowserRuntime(page, owned)
    } catch (error) {
      for (const close of owned) await close()
      throw error
    }
  }

  /** An exported file of the model in ONNX Runtime Web. */
  exported(file: string, batches: readonly TokenBatch[]): Promise<BrowserResult> {
    return this.#call('exported', file, batches)
  }

  /** The model's function on an engine of `@kic/engine` in the browser. */
  engine(name: 'compiled' | 'wasm', batches: readonly TokenBatch[]): Promise<BrowserResult> {
    return this.#call('engine', name, batches)
  }

  /** Losses of a small training run on an engine in the browser. */
  training(name: 'compiled' | 'wasm', steps: number): Promise<number[]> {
    return this.#call('training', name, steps)
  }

  // An expression instead of a function, because compilers add helpers to functions that the page does not have.
  #call<T>(name: string, ...given: readonly unknown[]): Promise<T> {
    return this.#page.evaluate(`runtimes.${name}(${given.map((value) => JSON.stringify(value)).join(', ')})`)
  }

  async close(): Promise<void> {
    for (const close of this.#owned) await close()
  }
}

const bundle = async (built: boolean): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'page', 'page.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: built ? [] : ['@kic/source'],
    logLevel: 'error',
  })
  return outputFiles.map(({ text }) => text).join('')
}

const TYPES: Readonly<Record<string, string>> = {
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
}

const HTML = '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>'

/** Serves page, model and the runtimes' WebAssembly on the loopback interface. */
const serve = async (model: string, script: string): Promise<Server> => {
  const require = createRequire(import.meta.url)
  const folders: Readonly<Record<string, string>> = {
    model,
    'onnxruntime-web': dirname(require.resolve('onnxruntime-web')),
    'tfjs-backend-wasm': dirname(require.resolve('@tensorflow/tfjs-backend-wasm')),
  }
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://127.0.0.1').pathname)
    const send = (type: string, body: string | Uint8Array): void => {
      response.writeHead(200, { 'content-type': type }).end(body)
    }
    if (path === '/') return send('text/html', HTML)
    if (path === '/page.js') return send('text/javascript', script)
    const [, top = '', ...rest] = path.split('/')
    const folder = folders[top]
    if (folder === undefined) return void response.writeHead(404).end()
    readFile(join(folder, ...rest)).then(
      (bytes) => send(TYPES[extname(path)] ?? 'application/octet-stream', bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  return server
}

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
