import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { defined, isKicError } from '@kic/core'
import { modelFolder } from '@kic/model-mini'
import { watchPage, withChromium } from '@kic/tool-chromium'
import type { Page } from 'playwright-core'
import { checkLooks } from './check-looks.ts'
import { expect } from './expect.ts'
import { type MixedEnsemble, saveMixedEnsemble } from './mixed-ensemble.ts'
import { checkBuiltEnsemble, checkOwnFolders, checkWithoutModel } from './own-folders.ts'
import { checkOwnLabels } from './own-labels.ts'
import { checkReasons } from './reasons.ts'
import { FORMULA, sampleCsv } from './sample-file.ts'
import { servePage } from './serve-page.ts'
import { checkTraining } from './train-own.ts'

const HELP = `Builds the page and uses it in headless Chromium as a visitor would.

  npm run check -- page
  npm run check -- page --screenshots FOLDER   keep pictures of it
`
/** Rows of each file; those of the last one are reviewed. */
const ROWS = { 'utf-8': 500, cp949: 5000 } as const
const TEXT = '카센터에서 자동차부분정비 타이어오일교환'

const live = (page: Page) => page.locator('.answer .codes dd strong')

const typeAndSee = async (page: Page): Promise<void> => {
  await page.locator('#description').fill('')
  await page.locator('#description').pressSequentially(TEXT, { delay: 5 })
  await live(page).nth(2).waitFor()
  const codes = await live(page).allTextContents()
  expect(
    codes.length === 3 && /^[A-U]$/.test(defined(codes[0])) && /^\d{3}$/.test(defined(codes[2])),
    `codes appear as one types: ${codes.join(' ')}`,
  )
}

/** Codes a file and returns the CSV that is downloaded. */
const codeFile = async (page: Page, encoding: 'utf-8' | 'cp949'): Promise<string> => {
  await page.locator('input[type=file][accept]').setInputFiles({
    name: `answers-${encoding}.csv`,
    mimeType: 'text/csv',
    buffer: sampleCsv(ROWS[encoding], encoding),
  })
  await page.locator('.columns button').waitFor()
  expect(
    (await page.locator('.columns legend').textContent())?.includes(encoding) ?? false,
    `${encoding} is recognised`,
  )
  const started = performance.now()
  await page.locator('.columns button').click()
  await page.locator('.counts').waitFor({ timeout: 180_000 })
  const seconds = (performance.now() - started) / 1000
  console.log(
    `    ${ROWS[encoding]} rows in ${seconds.toFixed(1)} s, ${Math.round(ROWS[encoding] / seconds)} rows/s`,
  )
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /CSV로 내려받기|Download as CSV/ }).click(),
  ])
  return readFile(await download.path(), 'utf8')
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { screenshots: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    console.log(HELP)
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'kic-page-'))
  try {
    const mixed = await saveMixedEnsemble(folder)
    await checkBundledModel(mixed, values.screenshots)
    await checkTraining(join(folder, 'trained'), values.screenshots)
    await checkBuiltEnsemble(mixed, join(folder, 'page'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  await checkOwnLabels()
}

const checkBundledModel = async (mixed: MixedEnsemble, screenshots: string | undefined): Promise<void> => {
  const { url, stop } = await servePage()
  try {
    await withChromium(async (context) => {
      const page = context.pages()[0] ?? (await context.newPage())
      const { origin } = new URL(url)
      const problems = watchPage(
        page,
        (to) => to.origin === origin || ['data:', 'blob:'].includes(to.protocol),
      )
      await page.goto(url)
      await page.locator('#description, [role=alert]').first().waitFor({ timeout: 60_000 })
      const alert = page.locator('[role=alert]')
      expect(
        (await alert.count()) === 0,
        `the model loads: ${(await alert.allTextContents()).join() || 'no message'}`,
      )
      await typeAndSee(page)
      await checkFiles(page)
      await reviewByKeyboard(page)
      await page.locator('.reasons .legend').first().waitFor()
      await checkLooks(page, { screenshots })
      await checkWithoutModel(url, mixed)
      await page.evaluate('navigator.serviceWorker.ready')
      await stop()
      await context.setOffline(true)
      await page.reload()
      await page.locator('#description').waitFor({ timeout: 60_000 })
      await typeAndSee(page)
      expect(true, 'it works offline after the first visit')
      await checkReasons(page, modelFolder)
      await checkOwnFolders(page, mixed)
      for (const problem of problems) console.error(problem)
      expect(problems.length === 0, 'no message on the console, no request to another origin')
    })
  } finally {
    await stop()
  }
}

const checkFiles = async (page: Page): Promise<void> => {
  for (const encoding of ['utf-8', 'cp949'] as const) {
    const lines = (await codeFile(page, encoding)).split('\r\n')
    expect(lines.length === ROWS[encoding] + 2, `every row of the ${encoding} file is in the download`)
    const csv = lines.join('\n')
    expect(csv.includes('뷁 쀍'), 'rare syllables survive')
    expect(
      csv.includes(`'=HYPERLINK`) && !csv.includes(`"${FORMULA.slice(0, 5)}`),
      'no cell of it is a formula',
    )
  }
}

const reviewByKeyboard = async (page: Page): Promise<void> => {
  const left = async (): Promise<number> =>
    Number((await page.locator('#review').textContent())?.match(/\d+/)?.[0])
  const before = await left()
  expect(before > 3, `${before} rows are to review`)
  await page.locator('#threshold').focus()
  // From the slider past the download button to the first candidate.
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('1')
  await page.keyboard.press('2')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('3')
  const after = await left()
  expect(after === before - 3, 'three of them are reviewed by keyboard alone')
}

await main().catch((error: unknown) => {
  console.error(isKicError(error) ? `error: ${error.message}` : error)
  process.exitCode = 1
})
