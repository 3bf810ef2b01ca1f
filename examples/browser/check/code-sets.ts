import { setTimeout } from 'node:timers/promises'
import { defined } from '@kic/core'
import type { Predictor } from '@kic/predictor'
import { loadPredictor } from '@kic/predictor/node'
import type { Page } from 'playwright-core'
import { expect } from './expect.ts'

const COVERAGES = [0.8, 0.9, 0.95]

/** Texts that say little, so that the sets of some of them grow with the coverage. */
const DOUBTFUL = ['건물 임대 관리', '관리', '판매', '가공', '제작', '서비스', '물건 취급', '각종 부품']

/** Compares the sets of codes at each coverage with those in Node.js. */
export const checkCodeSets = async (page: Page, folder: string): Promise<void> => {
  const predictor = await loadPredictor(folder)
  const doubtful = await doubtfulText(predictor)
  await page.locator('#description').fill(doubtful)
  for (const [i, coverage] of COVERAGES.entries()) {
    await page.locator('.coverage input').nth(i).check()
    const text = (await setsOf(predictor, doubtful, coverage)).map((set) => set.join(' ')).join(' | ')
    const shown = await settled(() => shownSets(page), text)
    expect(shown === text, `the sets with a coverage of ${coverage} are ${text}; the page shows ${shown}`)
  }
  await predictor.dispose()
}

/** The codes of a text's sets, level by level. */
const setsOf = async (predictor: Predictor, text: string, coverage: number): Promise<readonly string[][]> => {
  const answer = await predictor.predict(text, { coverage })
  if (answer.status === 'unusable' || answer.sets === undefined) throw new Error('the text has sets')
  const { sets } = answer
  return predictor.info.levels.map((level) => defined(sets[level]).map(({ code }) => code))
}

/** The first text whose sets of a higher coverage are larger. */
const doubtfulText = async (predictor: Predictor): Promise<string> => {
  for (const text of DOUBTFUL) {
    const sizes = await Promise.all(
      COVERAGES.map(async (coverage) => (await setsOf(predictor, text, coverage)).flat().length),
    )
    if (Math.max(...sizes) > Math.min(...sizes)) return text
  }
  throw new Error('sets of a higher coverage are larger for some text')
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
