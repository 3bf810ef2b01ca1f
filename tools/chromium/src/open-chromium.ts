import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { type BrowserContext, chromium } from 'playwright-core'

/** Where systems keep Chromium. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** No GPU, or for WebGPU one that Chromium computes on the processor. */
const GPU = {
  none: ['--disable-gpu'],
  software: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
} as const
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // No name is looked up, so that nothing reaches another computer.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

export interface ChromiumOptions {
  /** Its path; default: where Debian and others install it. */
  readonly executable?: string | undefined
  /** What pages find by WebGPU; default: nothing. */
  readonly gpu?: keyof typeof GPU | undefined
}

/** A browser with an empty profile. Close it. */
export interface Chromium {
  readonly context: BrowserContext
  close(): Promise<void>
}

/**
 * Starts headless Chromium with an empty profile.
 *
 * @throws KicError `chromium/not-found` with what to install
 */
export const openChromium = async ({ executable, gpu = 'none' }: ChromiumOptions = {}): Promise<Chromium> => {
  const executablePath = (executable === undefined ? PLACES : [executable]).find((path) => existsSync(path))
  if (executablePath === undefined) {
    throw new KicError(
      'chromium/not-found',
      `openChromium: there is no Chromium at ${executable ?? PLACES.join(', ')}; install it (Debian: apt-get install chromium)`,
    )
  }
  const profile = await mkdtemp(join(tmpdir(), 'kic-chromium-'))
  const forget = () => rm(profile, { recursive: true, force: true, maxRetries: 5 })
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: [...ARGUMENTS, ...GPU[gpu]],
      acceptDownloads: true,
    })
    return {
      context,
      close: async () => {
        await context.close()
        await forget()
      },
    }
  } catch (error) {
    await forget()
    throw error
  }
}

/** Starts Chromium, passes it to `use`, and closes it in any case. */
export const withChromium = async (
  use: (context: BrowserContext) => Promise<void>,
  options: ChromiumOptions = {},
): Promise<void> => {
  const { context, close } = await openChromium(options)
  try {
    await use(context)
  } finally {
    await close()
  }
}
