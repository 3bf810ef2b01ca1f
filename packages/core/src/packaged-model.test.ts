import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packagedModel } from './packaged-model.ts'

let app: string
let elsewhere: string
const at = (...path: string[]) => join(app, 'node_modules/@x/model', ...path)
beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'kic-app-'))
  elsewhere = await mkdtemp(join(tmpdir(), 'kic-no-model-'))
  await mkdir(at('model'), { recursive: true })
  await writeFile(at('package.json'), '{"name":"@x/model","version":"1.0.0"}')
  await writeFile(at('model/kic.json'), '{}')
})
afterAll(() => Promise.all([app, elsewhere].map((folder) => rm(folder, { recursive: true }))))

it('is beside the module of its package', () => {
  const own = pathToFileURL(at('dist/index.js')).href
  expect(packagedModel('@x/model', { own, installed: [] })).toBe(at('model'))
})

it('is found from bundled code in the installed package', () => {
  const bundle = pathToFileURL(join(elsewhere, 'dist/app.js')).href
  for (const own of [undefined, '', bundle]) {
    const installed = [undefined, join(elsewhere, 'app.js'), join(app, 'app.js')]
    expect(packagedModel('@x/model', { own, installed })).toMatch(/@x\/model\/model$/)
  }
})

it('is missed with advice for bundlers', () => {
  const starts = { own: undefined, installed: [join(elsewhere, 'app.js')] }
  expect(() => packagedModel('@x/model', starts)).toThrow(/make @x\/model external/)
  const empty = { own: pathToFileURL(join(elsewhere, 'dist/app.js')).href, installed: [] }
  expect(() => packagedModel('@x/model', empty)).toThrow(/received none at .*model\. A bundle/)
})
