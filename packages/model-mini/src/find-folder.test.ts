import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findFolder } from './find-folder.ts'

const beside = join(import.meta.dirname, '../model')
const here = join(import.meta.dirname, 'app.js')

let elsewhere: string
beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'kic-no-model-'))
})
afterAll(() => rm(elsewhere, { recursive: true }))

it('finds the folder beside the package', () => {
  expect(findFolder({ own: pathToFileURL(here).href, installed: [] })).toBe(beside)
})

it('finds the folder of the installed package from bundled code', () => {
  const bundle = pathToFileURL(join(elsewhere, 'dist/app.js')).href
  for (const own of [undefined, '', bundle]) {
    expect(findFolder({ own, installed: [undefined, join(elsewhere, 'app.js'), here] })).toMatch(/model$/)
  }
})

it('gives advice for bundlers if there is no folder', () => {
  expect(() => findFolder({ own: undefined, installed: [join(elsewhere, 'app.js')] })).toThrow(
    /make @kic\/model-mini external/,
  )
})
