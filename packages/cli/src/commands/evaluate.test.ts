import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveTinyModel } from '../../../predictor/src/__fixtures__/tiny-model.ts'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
let model: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-evaluate-'))
  model = join(folder, 'model')
  await saveTinyModel(model)
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}

it('judges a model on labelled rows, and calibrates it', async () => {
  // The model's own answers as labels, but for every fourth row.
  const texts = Array.from(
    { length: 40 },
    (_, i) => `${['쌀', '국수', '타이어', '자동차'][i % 4]} ${'수리 '.repeat(i % 5)}${i}`,
  )
  const { out } = await kic('predict', '--model', model, '--json', ...texts)
  const codes: string[] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).codes.group.code)
  const other = (code: string): string => (code === '011' ? '951' : '011')
  const rows = texts.map((text, i) => `${text}\t${i % 4 === 0 ? other(codes[i] ?? '') : codes[i]}`)
  const file = join(folder, 'rows.tsv')
  await writeFile(file, `text\tgroup\n${rows.join('\n')}\n???\t011\n`)

  const before = JSON.parse((await kic('evaluate', file, '--model', model, '--json')).out)
  expect(before).toMatchObject({ rows: 41, unusable: 1 })
  expect(before.calibration).toBeUndefined()
  expect(before.levels.group.accuracy).toBeCloseTo(30 / 41, 9)
  expect(before.levels.section.accuracy).toBeGreaterThanOrEqual(before.levels.group.accuracy)
  expect(before.expectations[0]).toMatchObject({ reviewBelow: 0, rows: 40 })

  const after = JSON.parse((await kic('evaluate', file, '--model', model, '--calibrate', '--json')).out)
  expect(after.levels).toEqual(before.levels)
  expect(after.calibration.on).toBe('41 rows of rows.tsv')
  expect(after.calibrationError).toBeLessThan(before.calibrationError)
  expect(JSON.parse(await readFile(join(model, 'kic.json'), 'utf8')).calibration.curve.rows).toBe(41)

  const words = await kic('evaluate', file, '--model', model)
  expect(words.out).toMatch(/group +73\.2 %/)
  expect(words.out).toContain('calibrated on 41 rows of rows.tsv')
})

it('refuses to calibrate the model that comes along, and rows without labels', async () => {
  expect(await kic('evaluate', '--calibrate')).toMatchObject({
    code: 1,
    err: expect.stringContaining('cli/calibrate'),
  })
  const file = join(folder, 'bare.tsv')
  await writeFile(file, 'text\tgroup\n쌀\t\n')
  expect(await kic('evaluate', file, '--model', model)).toMatchObject({
    code: 1,
    err: expect.stringContaining('cli/no-labels'),
  })
})

it('exports what is saved, with the head it was saved with', async () => {
  const config = JSON.parse(await readFile(join(model, 'config.json'), 'utf8'))
  const answers = async () =>
    JSON.parse(
      (await kic('predict', '--model', model, '--json', '--precision', 'float32', '타이어 수리 오일')).out,
    )
  const before = await answers()
  await kic('export', model, '--format', 'float32')
  expect((await answers()).top).not.toEqual(before.top)
  await writeFile(join(model, 'config.json'), JSON.stringify({ ...config, kic: { head: 'mean' } }))
  const { code, out } = await kic('export', model, '--format', 'float32', '--json')
  expect([code, JSON.parse(out).files]).toEqual([0, [join(model, 'onnx', 'model.onnx')]])
  expect((await answers()).top).toEqual(before.top)
  expect(await kic('export', join(folder, 'none'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('no-model'),
  })
})
