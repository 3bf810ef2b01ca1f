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
  /** Serves what an earlier call has built. */
  readonly built?: boolean | undefined
  /** The folder of its model; default: the bundled one. */
  readonly model?: string | undefined
}

/** Builds the page and serves it. */
export const servePage = async ({
  outDir = 'dist',
  built = false,
  model,
}: ServePageOptions = {}): Promise<ServedPage> => {
  const shared = { root, logLevel: 'error', build: { outDir, emptyOutDir: true } } as const
  if (!built) await withModel(model, () => build({ ...shared, configLoader: 'native' }))
  // What is built needs no more of the configuration, which loads the model.
  const server = await preview({
    ...shared,
    configFile: false,
    appType: 'mpa',
    preview: { host: '127.0.0.1', port: 0 },
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
const withModel = async (model: string | undefined, run: () => Promise<unknown>): Promise<void> => {
  const before = process.env.KIC_MODEL
  if (model !== undefined) process.env.KIC_MODEL = model
  try {
    await run()
  } finally {
    if (before === undefined) delete process.env.KIC_MODEL
    else process.env.KIC_MODEL = before
  }
}
