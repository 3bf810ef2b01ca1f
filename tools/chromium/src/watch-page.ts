import type { Page } from 'playwright-core'

/**
 * Collects what should not happen on a page: errors and warnings on its console, requests to where `mayAsk` says no, and
 * requests, also of workers, that are answered by an error. The list grows as they come.
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
  page.context().on('response', (response) => {
    if (response.status() >= 400) problems.push(`answered ${response.status()}: ${response.url()}`)
  })
  return problems
}
