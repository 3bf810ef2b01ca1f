import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { trainClassifier } from '@kic/classifier'
import { axeViolations, watchPage, withChromium } from '@kic/tool-chromium'
import { expect } from './expect.ts'
import { servePage } from './serve-page.ts'

const TOPICS = {
  sport: 'the striker scored in the league',
  politics: 'the senate voted on a treaty',
  science: 'the probe measured an orbit',
}
const LABELS = Object.keys(TOPICS)
const rows = Array.from({ length: 300 }, (_, i) => {
  const [label = '', text = ''] = Object.entries(TOPICS)[i % 3] ?? []
  const words = text.split(' ')
  // Some labels are wrong, so that no answer is certain and all are to review at a high threshold.
  return { text: `${words.slice(i % 2).join(' ')} on day ${i}`, label: i % 9 === 0 ? 'politics' : label }
})

/** What the page shows and writes, that belongs to the bundled model alone. */
const KOREAN = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]|korea|ksic|business|industr/i

/** Trains a classifier of own English labels, builds the page with it, and uses it. */
export const checkOwnLabels = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-page-'))
  try {
    const output = join(folder, 'news')
    const encoder = { hidden: 32, layers: 1, vocabulary: 150 }
    await trainClassifier(rows, {
      output,
      encoder,
      epochs: 4,
      learningRate: 0.01,
      batchSize: 16,
      progress: 'none',
    })
    const page = await servePage({ outDir: join(folder, 'page'), model: output })
    try {
      for (const language of ['en-US', 'ko-KR']) await usePage(page.url, language)
    } finally {
      await page.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const usePage = (url: string, language: string): Promise<void> =>
  withChromium(async (context) => {
    await context.addInitScript(`Object.defineProperty(navigator, 'language', { value: '${language}' })`)
    const page = context.pages()[0] ?? (await context.newPage())
    const problems = watchPage(page, (to) => to.origin === new URL(url).origin || to.protocol === 'blob:')
    await page.goto(url)
    await page.locator('#description').waitFor({ timeout: 60_000 })
    await page.locator('#description').fill('the striker scored in the league')
    await page.locator('.answer .codes dd strong').first().waitFor()
    const [label] = await page.locator('.answer .codes dd').allTextContents()
    expect(label?.startsWith('sport ') ?? false, `own labels appear as one types (${language}): ${label}`)

    const csv = ['id,headline', ...rows.map(({ text }, i) => `${i},${text}`), ''].join('\n')
    await page
      .locator('input[type=file][accept]')
      .setInputFiles({ name: 'news.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await page.locator('.columns button').click()
    await page.locator('.counts').waitFor({ timeout: 60_000 })
    await page.locator('#threshold').fill('0.99')
    await page.locator('#other').fill(' politics')
    await page.locator('.other button').click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as CSV' }).click(),
    ])
    const coded = await readFile(await download.path(), 'utf8')
    const lines = coded.trimEnd().split('\r\n')
    expect(lines.length === rows.length + 1, 'every row is in the download')
    expect(
      lines[0] === '\uFEFFid,headline,label,label_name,confidence,status',
      'its columns are those of the model',
    )
    expect(
      lines.filter((line) => line.endsWith(',person')).length === 1,
      'a label that a person typed is taken',
    )
    const known = lines.slice(1).every((line) => LABELS.includes(line.split(',')[2] ?? ''))
    expect(known, 'every row has a label of the model')
    const shown = [await page.title(), await page.locator('html').innerHTML(), coded]
    const foreign = shown.map((text) => KOREAN.exec(text)?.[0]).find((found) => found !== undefined)
    expect(foreign === undefined, `nothing is said of Korean or of KSIC: ${foreign ?? 'nothing'}`)
    const violations = await axeViolations(page)
    for (const problem of [...violations, ...problems]) console.error(problem)
    expect(violations.length + problems.length === 0, 'axe and the console have nothing to object to')
  })
