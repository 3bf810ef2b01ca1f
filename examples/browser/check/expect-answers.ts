import { defined } from '@kic/core'
import { loadPredictor } from '@kic/predictor/node'
import type { Page } from 'playwright-core'
import { expect } from './expect.ts'

const TEXT = '마트에서 식료품 소매 과일'

/** Whether the page answers like a predictor in Node.js. */
export const expectAnswersOf = async (page: Page, folder: string, what: string): Promise<void> => {
  const predictor = await loadPredictor(folder)
  const [prediction] = await predictor.predict([TEXT])
  await predictor.dispose()
  if (prediction?.status !== 'coded') throw new Error('the text has an answer')
  const codes = predictor.info.levels.map((level) => defined(prediction.codes[level]).code)
  const found = page.locator('.answer .codes dd')
  await page.locator('#description').fill('')
  await found.first().waitFor({ state: 'detached' })
  await page.locator('#description').fill(TEXT)
  await found.nth(codes.length - 1).waitFor()
  const shown = await found.allTextContents()
  const confidence = Number(/([\d.]+)%$/.exec(defined(shown.at(-1)))?.[1])
  expect(
    codes.every((code, i) => shown[i]?.startsWith(`${code} `)) &&
      Math.abs(confidence - 100 * prediction.confidence) < 1,
    `${what}: ${codes.join(' ')} ${confidence} %`,
  )
}
