import { join } from 'node:path'
import { build, preview } from 'vite'

const root = join(import.meta.dirname, '..')

/** A built page on the loopback. */
export interface ServedPage {
  readonly url: string
  stop(): Promise<void>
}

/**
 * Builds the page and serves it.
 *
 * @param outDir default: `dist`
 */
export const servePage = async (outDir = 'dist'): Promise<ServedPage> => {
  const config = {
    root,
    configLoader: 'native',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  } as const
  await build(config)
  const server = await preview({ ...config, preview: { host: '127.0.0.1', port: 0 } })
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
