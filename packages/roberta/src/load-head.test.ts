import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadHead } from './load-head.ts'
import { meanHead } from './mean-head.ts'
import { standardHead } from './standard-head.ts'

/** A package that is installed for the tests: `@kic-test/heads-<name>`, where this package finds it. */
const scope = join(import.meta.dirname, '../node_modules/@kic-test')
const install = async (name: string, source: string): Promise<void> => {
  const folder = join(scope, name)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "exports": "./index.js" }')
  await writeFile(join(folder, 'index.js'), source)
}

beforeAll(async () => {
  const head = "{ name: 'own', parameters: () => [], apply: () => options.answer }"
  await install('heads-own', `export const ownHead = (options) => (${head})\nexport const VERSION = 1`)
  await install('heads-two', 'export const aHead = () => 1\nexport const bHead = () => 2')
  await install('heads-none', 'export const head = 1')
  await install('heads-wrong', 'export const wrongHead = () => ({ name: 1 })')
  await install('heads-broken', "import 'not-there'")
})
afterAll(() => rm(scope, { recursive: true, force: true }))

const refused = (name: string, message: RegExp) =>
  expect(loadHead(name)).rejects.toThrowError(
    expect.objectContaining({ code: 'roberta/no-head', message: expect.stringMatching(message) }),
  )

describe('loadHead', () => {
  it('returns the heads of this package', async () => {
    expect(await loadHead('standard')).toBe(standardHead)
    expect(await loadHead('mean')).toBe(meanHead)
    expect(await loadHead('mean+ngrams')).toMatchObject({ name: 'mean+ngrams', readsNgrams: true })
    await refused('nothing+ngrams', /heads-nothing is not installed/)
  })

  it('finds a package by its name, and passes options on', async () => {
    const head = await loadHead('@kic-test/heads-own', { answer: 42 })
    expect(head.name).toBe('own')
    expect(Reflect.apply(head.apply, head, [])).toBe(42)
  })

  it('reports a wrong name or package', async () => {
    await refused('not-there', /no head 'not-there': the package @kic\/heads-not-there is not installed/)
    await refused('../../etc', /no name of a head/)
    await refused('node:fs', /no name of a head/)
    await refused('@kic-test/heads-two', /one function whose name ends in Head; it exports aHead, bHead/)
    await refused('@kic-test/heads-none', /it exports none/)
    await refused('@kic-test/heads-wrong', /wrongHead of @kic-test\/heads-wrong must return a head/)
    await expect(loadHead('@kic-test/heads-broken')).rejects.toThrowError(/not-there/)
  })
})
