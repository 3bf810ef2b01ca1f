import { join } from 'node:path'
import { axeViolations, watchPage, withChromium } from '@kic/tool-chromium'
import type { Page } from 'playwright-core'
import { checkCodeSets } from './code-sets.ts'
import { dropPath } from './drop-path.ts'
import { expect } from './expect.ts'
import { expectAnswersOf } from './expect-answers.ts'
import type { MixedEnsemble } from './mixed-ensemble.ts'
import { checkReasons } from './reasons.ts'
import { servePage } from './serve-page.ts'

/** Uses models of the visitor's disk, on a page that is open already. */
export const checkOwnFolders = async (page: Page, { ensemble, ngrams }: MixedEnsemble): Promise<void> => {
  const card = page.locator('section[aria-labelledby=model]')
  const isReady = (name: string) => card.getByRole('status').getByText(name, { exact: true }).waitFor()

  await card.locator('input[type=file]').setInputFiles(ensemble)
  await isReady('ensemble')
  await expectAnswersOf(page, ensemble, 'an ensemble from the folder that was chosen')

  await dropPath(card.locator('.drop'), ngrams)
  await isReady('ngrams')
  await expectAnswersOf(page, ngrams, 'an n-gram model from the folder that was dropped')

  await checkReasons(page, ngrams)

  for (const [path, rule] of [
    [join(ensemble, 'ensemble.json'), /folder|폴더/],
    [join(ensemble, 'members'), /config\.json/],
  ] as const) {
    await dropPath(card.locator('.drop'), path)
    const message = card.getByRole('alert').filter({ hasText: rule })
    await message.waitFor()
    expect(true, `what is no model is refused: ${await message.textContent()}`)
  }
  await expectAnswersOf(page, ngrams, 'and the model before still answers')
}

/** Uses a model of the visitor's disk on a page whose own model is missing. */
export const checkWithoutModel = async (url: string, { ensemble }: MixedEnsemble): Promise<void> =>
  withChromium(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage())
    await context.route('**/model/**', (route) => route.fulfill({ status: 404 }))
    await page.goto(url)
    const message = page.getByRole('alert')
    await message.waitFor()
    expect(true, `a missing model is reported: ${await message.textContent()}`)
    await page.locator('input[type=file]').setInputFiles(ensemble)
    await expectAnswersOf(page, ensemble, 'and another one takes its place')
    expect((await message.count()) === 0, 'which ends the report')
  })

/** Builds the page with an ensemble of a network and an n-gram model, and uses it. */
export const checkBuiltEnsemble = async ({ ensemble }: MixedEnsemble, outDir: string): Promise<void> => {
  const { url, stop } = await servePage({ outDir, model: ensemble })
  try {
    await withChromium(async (context) => {
      const page = context.pages()[0] ?? (await context.newPage())
      const problems = watchPage(page, (to) => to.origin === new URL(url).origin || to.protocol === 'blob:')
      await page.goto(url)
      await page.locator('#description').waitFor({ timeout: 60_000 })
      await expectAnswersOf(page, ensemble, 'an ensemble that belongs to the page')
      await checkReasons(page, ensemble)
      await checkCodeSets(page, ensemble)
      const violations = await axeViolations(page)
      for (const problem of [...violations, ...problems]) console.error(problem)
      expect(violations.length === 0, 'axe finds nothing to object to: sets of codes')
      expect(problems.length === 0, 'no message on the console: no missing file is asked for')
    })
  } finally {
    await stop()
  }
}
