import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GROUPS, saveTinyModel } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, expect, it } from 'vitest'
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

it('says how far a model is above another, and refuses one that shares no level', async () => {
  const other = join(folder, 'other')
  // The same network with other names of its classes.
  await saveTinyModel(
    other,
    undefined,
    Object.fromEntries([...GROUPS.slice(1), ...GROUPS.slice(0, 1)].entries()),
  )
  const file = join(folder, 'compared.tsv')
  const texts = Array.from({ length: 60 }, (_, i) => `${['쌀', '국수', '타이어'][i % 3]} 가게 ${i}`)
  const codesOf = async (of: string): Promise<string[]> =>
    (await kic('predict', '--model', of, '--json', ...texts)).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).codes.group.code)
  // The other model is right in every fourth row.
  const [codes, others] = await Promise.all([codesOf(model), codesOf(other)])
  const labels = texts.map((_, i) => (i % 4 === 0 ? others[i] : codes[i]))
  await writeFile(file, `text\tgroup\n${texts.map((text, i) => `${text}\t${labels[i]}`).join('\n')}\n`)
  const { against } = JSON.parse((await kic('evaluate', file, '-m', model, '--against', other, '--json')).out)
  const { difference, low, high } = against.levels.group
  expect(difference).toBeCloseTo(0.5, 12)
  expect([low <= difference, difference <= high, low < high]).toEqual([true, true, true])
  expect(Object.keys(against.levels)).toEqual(['section', 'division', 'group'])

  const same = JSON.parse((await kic('evaluate', file, '-m', model, '--against', model, '--json')).out)
  expect(same.against.levels.group).toEqual({ difference: 0, low: 0, high: 0 })
  const { out } = await kic('evaluate', file, '-m', model, '--against', other)
  expect(out).toMatch(/group +\+\d+\.\d\d +\+\d+\.\d\d to \+\d+\.\d\d/)

  const words = join(folder, 'words.tsv')
  await writeFile(words, `text\tlabel\n${texts.map((text, i) => `${text}\tk${i % 2}`).join('\n')}\n`)
  const trained = join(folder, 'words')
  const size = ['--hidden', '8', '--layers', '1', '--heads', '1', '--epochs', '1']
  expect(await kic('train', words, '-o', trained, ...size)).toMatchObject({ code: 0 })
  expect(await kic('evaluate', file, '-m', model, '--against', trained)).toMatchObject({
    code: 1,
    err: expect.stringContaining('Compare models of the same classification'),
  })
})

it('refuses to calibrate the bundled model, and rows without labels', async () => {
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

it('judges rows at the levels that they are labelled at, and no unusable text as right', async () => {
  const texts = Array.from({ length: 30 }, (_, i) => `타이어 수리 ${'국수 '.repeat(i % 4)}${i}`)
  const { out } = await kic('predict', '--model', model, '--json', ...texts)
  const codes: { group: string; division: string }[] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).codes)
    .map(({ group, division }) => ({ group: group.code, division: division.code }))
  const wrong = (code: string): string => (code === '01' ? '95' : '01')
  // Ten right groups, ten right divisions, ten wrong divisions; and an unusable text that is known to its section.
  const rows = codes.map(({ group, division }, i) => (i < 10 ? group : i < 20 ? division : wrong(division)))
  const file = join(folder, 'coarse.csv')
  const lines = rows.map((code, i) => `${texts[i]},${code}`)
  await writeFile(file, `text,code\n${lines.join('\n')}\n???,A\n쌀,\n`)
  const judged = await kic('evaluate', file, '--model', model, '--json')
  expect(judged.err).toContain('1 of 32 rows has no section and is left out (line 33).')
  const { levels, unusable, top3, calibrationError, rows: all, expectations } = JSON.parse(judged.out)
  expect([all, unusable]).toEqual([31, 1])
  expect(levels.group).toMatchObject({ rows: 10, accuracy: 1 })
  expect(levels.division).toMatchObject({ rows: 30 })
  expect(levels.division.accuracy).toBeCloseTo(20 / 30, 9)
  expect(levels.section.rows).toBe(31)
  expect(levels.section.accuracy).toBeLessThanOrEqual(30 / 31)
  expect(top3).toBe(1)
  expect(calibrationError).toBeLessThan(1)
  expect(expectations[0]).toMatchObject({ rows: 30, accuracy: { group: { rows: 10, accuracy: 1 } } })
  const coarsely = join(folder, 'coarsely')
  await saveTinyModel(coarsely)
  const { calibration } = JSON.parse(
    (await kic('evaluate', file, '-m', coarsely, '--calibrate', '--json')).out,
  )
  expect(calibration.on).toBe('31 rows of coarse.csv, 10 of them with a label at the level group')
  const sections = join(folder, 'sections.tsv')
  await writeFile(sections, 'text\tsection\n쌀\tA\n???\tA\n')
  const coarse = JSON.parse((await kic('evaluate', sections, '--model', model, '--json')).out)
  expect(Object.keys(coarse.levels)).toEqual(['section'])
  expect(coarse).not.toHaveProperty('top3')
  const words = await kic('evaluate', sections, '--model', model)
  expect(words.out).toContain('top-3 accuracy unknown')
})

it('reads several files in any encoding, and says which rows it cannot read and how to go on', async () => {
  const first = join(folder, 'first.csv')
  const second = join(folder, 'second.csv')
  await writeFile(first, '내용,분류\n쌀,011\n국수,99999\n')
  await writeFile(second, Buffer.concat([Buffer.from('\ufeff내용,분류\n타이어,334.0\n', 'utf16le')]))
  const args = ['evaluate', first, second, '--model', model, '--columns', 'text=내용,group=분류']
  const refused = await kic(...args)
  expect([refused.code, refused.out]).toEqual([1, ''])
  expect(refused.err).toMatch(
    /^error: kic evaluate: .*first\.csv, line 3: .*--skip-bad-rows\. \(cli\/bad-rows\)\n$/,
  )
  const skipped = await kic(...args, '--skip-bad-rows', '--cut-codes', '--json')
  expect(skipped.err).toContain('1 unreadable row is left out (1 unknown-label: ')
  expect(JSON.parse(skipped.out).rows).toBe(2)
})

it('takes files that each count their rows from 1', async () => {
  const files = ['january.csv', 'february.csv'].map((name) => join(folder, name))
  for (const path of files) await writeFile(path, 'id,text,group\n1,쌀,011\n2,국수,561\n')
  const { code, out } = await kic('evaluate', ...files, '--model', model, '--json')
  expect([code, JSON.parse(out).rows]).toEqual([0, 4])
})

it('leaves empty texts out, as they were read well enough', async () => {
  const file = join(folder, 'empty.csv')
  await writeFile(file, 'text,group\n쌀,011\n,561\n')
  const { code, out, err } = await kic('evaluate', file, '--model', model, '--json')
  expect([code, err]).toEqual([0, `1 row is left out because the text is empty (${file}, line 3)\n`])
  expect(JSON.parse(out).rows).toBe(1)
})

it('warns of codes that a spreadsheet took a zero from', async () => {
  const file = join(folder, 'zeros.csv')
  await writeFile(file, 'text,code\n쌀,11\n국수,561\n타이어,952\n자동차,451\n')
  const { code, err } = await kic('evaluate', file, '--model', model)
  expect([code, err]).toEqual([0, expect.stringContaining('(011 becomes 11): line 2.')])
})

it('checks at the start what it needs at the end', async () => {
  const file = join(folder, 'any.tsv')
  await writeFile(file, 'text\tgroup\n쌀\t011\n')
  expect(await kic('evaluate', file, '--model', join(folder, 'none'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('predictor/config'),
  })
  const foreign = join(folder, 'foreign.tsv')
  await writeFile(foreign, 'text\tgroup\n쌀\t012\n')
  const calibrated = await kic('evaluate', foreign, '--model', model, '--calibrate')
  expect(calibrated).toMatchObject({ code: 1, err: expect.stringContaining('predictor/calibration-rows') })
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
