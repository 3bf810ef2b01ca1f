import { setTimeout } from 'node:timers/promises'
import { defined } from '@kic/core'
import { loadPredictor } from '@kic/predictor/node'
import type { Page } from 'playwright-core'
import { expect } from './expect.ts'

/** Doubtful, so that its sets grow with the coverage. */
const TEXT = '건물 임대 관리'

/** Compares the sets of codes at each coverage with those in Node.js. */
export const checkCodeSets = async (page: Page, folder: string): Promise<void> => {
  const predictor = await loadPredictor(folder)
  await page.locator('#description').fill(TEXT)
  const sizes: number[] = []
  for (const [i, coverage] of [0.8, 0.9, 0.95].entries()) {
    const answer = await predictor.predict(TEXT, { coverage })
    if (answer.status === 'unusable' || answer.sets === undefined) throw new Error('the text has sets')
    await page.locator('.coverage input').nth(i).check()
    const codes = predictor.info.levels.map((level) => defined(answer.sets?.[level]).map(({ code }) => code))
    const text = codes.map((set) => set.join(' ')).join(' | ')
    const shown = await settled(() => shownSets(page), text)
    expect(shown === text, `the sets with a coverage of ${coverage} are ${text}; the page shows ${shown}`)
    sizes.push(codes.flat().length)
  }
  await predictor.dispose()
  expect(defined(sizes[0]) < defined(sizes[2]), 'sets of a higher coverage are larger')
}

/** The codes of each level's set: `A B | 01`. */
const shownSets = async (page: Page): Promise<string> => {
  const sets = await page.locator('.sets dd').all()
  const codes = await Promise.all(sets.map((set) => set.locator('strong').allTextContents()))
  return codes.map((set) => set.join(' ')).join(' | ')
}

/** What is read once it is as expected; after ten seconds, whatever it is. */
const settled = async (read: () => Promise<string>, expected: string): Promise<string> => {
  const end = Date.now() + 10_000
  let found = await read()
  while (found !== expected && Date.now() < end) {
    await setTimeout(50)
    found = await read()
  }
  return found
}
