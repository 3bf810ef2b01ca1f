import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { defined } from '@kic/core'
import { watchPage, withChromium } from '@kic/tool-chromium'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright-core'
import { checkLooks } from './check-looks.ts'
import { expect } from './expect.ts'
import { predictByCommand } from './predict-by-command.ts'
import { type ServedPage, servePage } from './serve-page.ts'

const TRADES = {
  '47': ['마트에서', '과일', '채소', '소매', '식료품'],
  '56': ['식당에서', '한식', '조리', '국수', '판매'],
  '95': ['카센터에서', '자동차', '수리', '타이어', '오일'],
}

const CODES = Object.keys(TRADES)

/** Few, because a software GPU is slow. */
const ROWS = 90

/**
 * A table as a visitor has one: a number for each row, short texts, their codes. Some codes are missing, and some are wrong, so
 * that no answer is certain.
 */
const TABLE = [
  '번호\t내용\t코드',
  ...Array.from({ length: ROWS }, (_, i) => {
    const words = defined(Object.values(TRADES)[i % 3])
    const word = (k: number): string => defined(words[(i * 7 + k * (1 + (i % 4))) % 5])
    const code = defined(CODES[(i % 6 === 0 ? i + 1 : i) % 3])
    return `${i}\t${[0, 1, 2].map(word).join(' ')}\t${i % 30 === 29 ? '' : code}`
  }),
].join('\n')

/** Texts of several trades. */
const TEXTS = ['과일 조리', '식당에서 타이어 소매', '마트에서 수리', '국수 오일', '한식 자동차 식료품']

/**
 * Uses the training page of an earlier build: trains on a software GPU, then offline until it is stopped, and without WebGPU.
 *
 * @param folder a new one, for the trained model
 */
export const checkTraining = async (folder: string, screenshots: string | undefined): Promise<void> => {
  const served = await servePage({ built: true })
  try {
    await withChromium(async (context) => {
      const page = await openPage(await context.newPage(), served.url)
      await page.getByText(/no WebGPU|WebGPU나/).waitFor({ state: 'detached' })
      await train(page, 1)
      await page.getByText(/no WebGPU|WebGPU나/).waitFor()
      expect(true, 'without WebGPU it trains on the processor, and says so')
    })
    await withChromium(async (context) => trainOnGpu(await context.newPage(), served, folder, screenshots), {
      gpu: 'software',
    })
  } finally {
    await served.stop()
  }
}

const openPage = async (page: Page, url: string): Promise<Page> => {
  await page.goto(new URL('train.html', url).href)
  return page
}

const trainOnGpu = async (
  page: Page,
  { url, stop }: ServedPage,
  folder: string,
  screenshots: string | undefined,
): Promise<void> => {
  const { origin } = new URL(url)
  const problems = watchPage(page, (to) => to.origin === origin || ['data:', 'blob:'].includes(to.protocol))
  await openPage(page, url)
  await train(page, 1)
  const about = (await page.locator('#training ~ .card').textContent()) ?? ''
  expect(/GPU.*swiftshader/i.test(about), 'it trains on the GPU, and names it')
  await expectLossFalls(page)
  const accuracy = Number.parseFloat((await page.locator('#trained ~ .card .counts dd').textContent()) ?? '')
  expect(accuracy > 60, `the accuracy on held-out rows is shown: ${accuracy} %`)
  await expectSameAnswers(page, folder)
  await checkLooks(page, { screenshots, prefix: 'train-' })
  await page.getByText(/without a network|네트워크 없이/).waitFor({ timeout: 300_000 })
  await stop()
  await page.context().setOffline(true)
  await page.reload()
  await stopTraining(page)
  for (const problem of problems) console.error(problem)
  expect(problems.length === 0, 'no message on the console, no request to another origin')
}

/** Chooses the table and starts. */
const start = async (page: Page, passes: number): Promise<void> => {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'trades.tsv', mimeType: 'text/tab-separated-values', buffer: Buffer.from(TABLE) })
  await page.locator('#passes').fill(String(passes))
  await page.locator('form button[type=submit]').click()
}

/** Trains to the end. */
const train = async (page: Page, passes: number): Promise<void> => {
  await start(page, passes)
  const started = performance.now()
  await page.locator('#trained, [role=alert]').first().waitFor({ timeout: 600_000 })
  const said = (await page.locator('[role=alert]').allTextContents()).join()
  expect(said === '', `a model is trained: ${said || 'no message'}`)
  console.log(`    ${passes} passes in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

const expectLossFalls = async (page: Page): Promise<void> => {
  const said = (await page.locator('.curve svg').getAttribute('aria-label')) ?? ''
  const [first = 0, last = 0] = Array.from(said.matchAll(/\d+\.\d+/g), ([number]) => Number(number))
  expect(first > 0.9 && last < 0.7 * first, `the loss falls: ${said}`)
}

/** Saves the model, and compares its answers by `kic predict` with the page's. */
const expectSameAnswers = async (page: Page, folder: string): Promise<void> => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /ZIP/ }).click(),
  ])
  const archive = new Uint8Array(await readFile(await download.path()))
  for (const [path, bytes] of Object.entries(unzipSync(archive))) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
  const answers = await predictByCommand(join(folder, 'kic-model'), TEXTS)
  expect(
    answers.some(({ confidence }) => confidence < 0.9),
    'the model has doubts, which are compared, too',
  )
  for (const [i, text] of TEXTS.entries()) {
    const shown = await answerOfPage(page, text)
    const { code, confidence } = defined(answers[i])
    expect(
      shown.code === code && Math.abs(shown.confidence - confidence) <= 1e-3,
      `kic predict -m answers like the page: ${text}: ${code} ${confidence.toFixed(4)}, ${shown.confidence.toFixed(3)}`,
    )
  }
}

/** The page's answer, whose confidence it shows to a tenth of a percent. */
const answerOfPage = async (page: Page, text: string) => {
  const code = page.locator('.tried strong')
  await page.locator('#try').fill('')
  await code.waitFor({ state: 'detached' })
  await page.locator('#try').fill(text)
  await code.waitFor()
  const [, percent] = /([\d.]+)%/.exec((await page.locator('.tried').textContent()) ?? '') ?? []
  return { code: await code.textContent(), confidence: Number(percent) / 100 }
}

/** Starts offline, and stops long before the end. */
const stopTraining = async (page: Page): Promise<void> => {
  await start(page, 100)
  await page.locator('.curve').waitFor({ timeout: 600_000 })
  await page.getByRole('button', { name: /^Stop|멈추고/ }).click()
  await page.locator('#trained').waitFor({ timeout: 300_000 })
  const said = (await page.locator('#trained ~ .card').textContent()) ?? ''
  expect(/Stopped before|끝나기 전에/.test(said), 'it trains offline, and stops when asked')
}
