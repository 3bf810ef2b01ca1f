import type { Page } from 'playwright-core'

/**
 * Collects what should not happen on a page: errors and warnings on its console, and requests to where `mayAsk` says no.
 * The list grows as they come.
 */
export const watchPage = (page: Page, mayAsk: (url: URL) => boolean): readonly string[] => {
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  page.context().on('request', (request) => {
    const url = new URL(request.url())
    if (!mayAsk(url)) problems.push(`asked ${url.href}`)
  })
  return problems
}
