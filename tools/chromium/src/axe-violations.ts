import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string | undefined }[]
}

/** What breaks WCAG 2 A and AA or axe's best practices on a page, one text for each element. */
export const axeViolations = async (page: Page): Promise<string[]> => {
  // A content security policy forbids script elements, but not evaluation by the browser's own tools.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()')
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}\n${failureSummary}`),
  )
}
