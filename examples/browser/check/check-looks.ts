import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { axeViolations, overflow } from '@kic/tool-chromium'
import type { Page } from 'playwright-core'
import { expect } from './expect.ts'

const expectAccessible = async (page: Page, what: string): Promise<void> => {
  const violations = await axeViolations(page)
  for (const violation of violations) console.error(violation)
  expect(violations.length === 0, `axe finds nothing to object to: ${what}`)
}

export interface LooksOptions {
  /** Keeps pictures in this folder. */
  readonly screenshots: string | undefined
  /** Stands before the names of the pictures. */
  readonly prefix?: string | undefined
}

/** Looks at a page in both languages and themes, on a desktop and a phone. */
export const checkLooks = async (page: Page, { screenshots, prefix = '' }: LooksOptions): Promise<void> => {
  if (screenshots !== undefined) await mkdir(screenshots, { recursive: true })
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    for (let i = 0; i < 2; i++) {
      await page.locator('header button').click()
      const language = defined((await page.locator('html').getAttribute('lang')) ?? undefined)
      await expectAccessible(page, `${language}, ${scheme}`)
      for (const [device, width] of [
        ['desktop', 1280],
        ['phone', 390],
      ] as const) {
        await page.setViewportSize({ width, height: 900 })
        const name = `${prefix}${language}-${scheme}-${device}`
        expect((await overflow(page)) === 0, `nothing is wider than the page: ${name}`)
        if (screenshots !== undefined)
          await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
      }
    }
  }
}
