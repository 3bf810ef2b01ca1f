import { loadPredictor } from '@kic/predictor/node'
import type { Page } from 'playwright-core'
import { expect } from './expect.ts'

const TEXT = '컴퓨터 수리 판매'

/** Compares the marks on the text and the similar texts with the explanation in Node.js. */
export const checkReasons = async (page: Page, folder: string): Promise<void> => {
  const predictor = await loadPredictor(folder)
  const explained = await predictor.explain(TEXT)
  await predictor.dispose()
  if (explained.status !== 'explained') throw new Error('the text has an answer')
  const { characters, first, second, examples = [] } = explained
  await page.locator('#description').fill(TEXT)
  const marked = page.locator('.marked')
  await marked.getByText('컴', { exact: true }).waitFor()
  expect((await marked.textContent()) === TEXT, 'the text is shown with its reasons')
  const strongest = (side: 'first' | 'second') =>
    characters.toSorted((a, b) => b[side] - a[side])[0]?.character ?? ''
  for (const [side, answer] of [
    ['first', first],
    ['second', second],
  ] as const) {
    const thick = await marked.locator(`.${side}-3`).allTextContents()
    expect(thick.includes(strongest(side)), `the thickest lines for ${answer?.code} mark ${thick.join(' ')}`)
  }
  const alike = await page.locator('.reasons .examples q').allTextContents()
  expect(
    JSON.stringify(alike) === JSON.stringify(examples.map(({ text }) => text)),
    `similar coded texts: ${alike.join(', ') || 'none, as in the model'}`,
  )
  const spoken = await page.locator('.reasons .legend').ariaSnapshot()
  for (const answer of [first, second]) {
    expect(spoken.includes(`"${answer?.code}"`), `a screen reader reads what speaks for ${answer?.code}`)
  }
}
