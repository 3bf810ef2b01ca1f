import { join } from 'node:path'
import { build, preview } from 'vite'

const root = join(import.meta.dirname, '..')

/** A built page on the loopback. */
export interface ServedPage {
  readonly url: string
  stop(): Promise<void>
}

export interface ServePageOptions {
  /** Default: `dist`. */
  readonly outDir?: string | undefined
  /** The folder of its model; default: the bundled one. */
  readonly model?: string | undefined
}

/** Builds the page and serves it. */
export const servePage = async ({ outDir = 'dist', model }: ServePageOptions = {}): Promise<ServedPage> => {
  const config = {
    root,
    configLoader: 'native',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  } as const
  const server = await withModel(model, async () => {
    await build(config)
    return preview({ ...config, preview: { host: '127.0.0.1', port: 0 } })
  })
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('the preview server has no address')
  let serving = true
  return {
    url,
    stop: async () => {
      if (serving) await server.close()
      serving = false
    },
  }
}

/** Runs with the environment variable that the page's build reads. */
const withModel = async <T>(model: string | undefined, run: () => Promise<T>): Promise<T> => {
  const before = process.env.KIC_MODEL
  if (model !== undefined) process.env.KIC_MODEL = model
  try {
    return await run()
  } finally {
    if (before === undefined) delete process.env.KIC_MODEL
    else process.env.KIC_MODEL = before
  }
}
