import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveCalibratedModel } from '../__fixtures__/calibrated-model.ts'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
let model: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-inspect-'))
  model = join(folder, 'model')
  await saveCalibratedModel(model)
})
afterAll(() => rm(folder, { recursive: true }))

it('says what a folder holds and what to expect', async () => {
  const io = fakeIo()
  expect(await run(['inspect', model], io)).toBe(0)
  expect(io.printed()).toMatch(/classes +5 of the level group of KSIC rev. 10/)
  expect(io.printed()).toContain('temperature 1.000, on forty rows')
  const json = fakeIo()
  await run(['inspect', model, '--json'], json)
  const inspection = JSON.parse(json.printed())
  expect(inspection.files.map((entry: { path: string }) => entry.path)).toContain('onnx/model.onnx')
  expect(inspection.calibration.expectations[1]).toMatchObject({
    reviewBelow: 0.5,
    automatic: 0.8,
    rows: 40,
  })
  const none = fakeIo()
  expect(await run(['inspect', join(folder, 'none')], none)).toBe(1)
  expect(none.told()).toContain('cli/no-folder')
})

it('takes the name of an installed package with a model', async () => {
  const [bundled, named, missing] = [fakeIo(), fakeIo(), fakeIo()]
  expect(await run(['inspect', '--json'], bundled)).toBe(0)
  expect(await run(['inspect', '@kic/model-mini', '--json'], named)).toBe(0)
  expect(named.printed()).toBe(bundled.printed())
  expect(await run(['inspect', '@nobody/model'], missing)).toBe(1)
  expect(missing.told()).toContain('cli/no-model')
  expect(missing.told()).toContain('npm install @nobody/model')
})
