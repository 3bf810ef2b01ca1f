import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { isKicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import { axeViolations, overflow, watchPage, withChromium } from '@kic/tool-chromium'
import { renderReport } from '../src/report/render-report.ts'
import { sampleRun } from './sample-run.ts'

const HELP = `Opens a report in headless Chromium, at desktop and phone width, light and dark. Checks that there are no console
messages, no requests, no horizontal overflow, and no violations of axe-core.

  npm run check -- report
  npm run check -- report --report output/report.html     checks a run's report instead of a sample
  npm run check -- report --screenshots FOLDER            keeps screenshots
`

const WIDTHS = { desktop: 1280, phone: 390 } as const

const check = async (report: string, screenshots: string): Promise<readonly string[]> => {
  const faults: string[] = []
  await withChromium(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage())
    const url = pathToFileURL(report).href
    const problems = watchPage(page, ({ href, protocol }) => href === url || protocol === 'data:')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const [device, width] of Object.entries(WIDTHS)) {
        const name = `${device}-${colorScheme}`
        await page.setViewportSize({ width, height: 900 })
        await page.goto(url)
        // Closed details are checked too.
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        const wide = await overflow(page)
        if (wide !== 0) faults.push(`${name}: the page is ${wide} pixels wider than the window`)
        for (const violation of await axeViolations(page)) faults.push(`${name}: ${violation}`)
        await page.evaluate(
          "document.querySelectorAll('details').forEach((one, i) => { one.open = i === 0 })",
        )
        await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
      }
    }
    faults.push(...problems)
  })
  return faults
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      report: { type: 'string' },
      screenshots: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    console.log(HELP)
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'kic-report-'))
  try {
    const report = resolve(values.report ?? join(folder, 'report.html'))
    if (values.report === undefined) await writeFileAtomic(report, await renderReport(await sampleRun()))
    const screenshots = resolve(values.screenshots ?? join(folder, 'screenshots'))
    await mkdir(screenshots, { recursive: true })
    const faults = await check(report, screenshots)
    for (const fault of faults) console.error(fault)
    const where = values.screenshots === undefined ? '' : `; screenshots: ${screenshots}`
    console.log(`${values.report ?? 'a sample report'}: ${faults.length} faults${where}`)
    if (faults.length > 0) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

await main().catch((error: unknown) => {
  console.error(isKicError(error) ? `error: ${error.message}` : error)
  process.exitCode = 1
})
