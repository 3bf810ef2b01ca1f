import type { Page } from 'playwright-core'

/** Number of pixels that a page is wider than its window; 0 without horizontal scrolling. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth')
