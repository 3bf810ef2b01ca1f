import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { type BrowserContext, chromium } from 'playwright-core'

/** Where systems keep Chromium. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Runs `use` in headless Chromium with an empty profile.
 *
 * @throws KicError `example/no-chromium`
 */
export const withChromium = async (use: (context: BrowserContext) => Promise<void>): Promise<void> => {
  const executablePath = PLACES.find((path) => existsSync(path))
  if (executablePath === undefined) {
    throw new KicError(
      'example/no-chromium',
      `check: no Chromium at ${PLACES.join(', ')}; on Debian: apt-get install chromium`,
    )
  }
  const profile = await mkdtemp(join(tmpdir(), 'kic-page-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: ARGUMENTS,
    acceptDownloads: true,
  })
  try {
    await use(context)
  } finally {
    await context.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
