import type { Page } from 'playwright-core'

/** By how many pixels a page is wider than its window: 0, unless it has to be scrolled sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth')
