import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { joinFields } from '@kic/data'
import { generateRows } from '@kic/korean-answers'
import { trainNgramModel } from '@kic/ngram'
import { saveNgramFolder } from '@kic/predictor/node'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
const at = (name: string): string => join(folder, name)

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}

const generated = (rows: number, seed: number) =>
  Array.from(generateRows({ rows, seed, repeats: 0, minPerGroup: 0 }), ({ group, ...fields }) => ({
    text: joinFields(fields),
    label: group,
  }))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-calibrate-'))
  const model = trainNgramModel(generated(3000, 1), { model: 'naive-bayes' })
  for (const name of ['model', 'other', 'bare', 'fresh'])
    await saveNgramFolder(at(name), { model, notes: { classification: ksic10, script: ksicScript } })
  for (const [name, rows, seed] of [
    ['held-out', 1200, 2],
    ['test', 800, 3],
    ['few', 60, 4],
  ] as const) {
    const lines = generated(rows, seed).map(({ text, label }) => `${text}\t${label}\n`)
    await writeFile(at(`${name}.tsv`), `text\tgroup\n${lines.join('')}`)
  }
  expect((await kic('calibrate', '-m', at('model'), '-i', at('held-out.tsv'))).code).toBe(0)
})
afterAll(() => rm(folder, { recursive: true }))

const calibrationOf = async (name: string) =>
  JSON.parse(await readFile(join(at(name), 'kic.json'), 'utf8')).calibration

it('calibrates a model, and says what it guarantees', async () => {
  const { code, out } = await kic('calibrate', '-m', at('other'), '-i', at('held-out.tsv'))
  expect(code).toBe(0)
  expect(out).toMatch(/temperature +\d+\.\d{3}, on 1200 rows of held-out\.tsv/)
  expect(out).toMatch(/guaranteed on \d{3} of 1200 rows of held-out\.tsv, with 95 % confidence/)
  expect(out).toMatch(/90\.0 % +0\.\d+ +\d+\.\d %/)
  expect(out).toMatch(/coverage +section +division +group\n/)
  expect(await calibrationOf('other')).toEqual(await calibrationOf('model'))
  const inspected = await kic('inspect', at('other'))
  expect(inspected.out).toContain('least probability of a code in a set')
  const json = JSON.parse((await kic('inspect', at('other'), '--json')).out)
  expect(json.calibration.guarantees.sets.map(({ coverage }: { coverage: number }) => coverage)).toEqual([
    0.8, 0.9, 0.95,
  ])
})

it('keeps the temperature on request, and makes guarantees of all rows', async () => {
  const before = await calibrationOf('model')
  const { code } = await kic('calibrate', '-m', at('other'), '-i', at('test.tsv'), '--keep-temperature')
  const after = await calibrationOf('other')
  expect([code, after.temperature, after.curve]).toEqual([0, before.temperature, before.curve])
  expect(after.guarantees.curve.rows).toBe(800)
  const refused = await kic('calibrate', '-m', at('bare'), '-i', at('test.tsv'), '--keep-temperature')
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('classifier/not-calibrated')])
})

it('warns if the rows that keep the temperature are those that fitted it', async () => {
  await cp(at('model'), at('twice'), { recursive: true })
  const fitted = await kic('calibrate', '-m', at('twice'), '-i', at('test.tsv'))
  expect(fitted.err).not.toContain('warning')
  const again = await kic('calibrate', '-m', at('twice'), '-i', at('test.tsv'), '--keep-temperature')
  expect([again.code, again.err]).toEqual([
    0,
    expect.stringContaining('the rows that fitted the temperature'),
  ])
  const others = await kic('calibrate', '-m', at('twice'), '-i', at('few.tsv'), '--keep-temperature')
  expect([others.code, others.err]).toEqual([0, expect.not.stringContaining('warning')])
})

it('says if the rows are too few for guarantees', async () => {
  const { code, out } = await kic('calibrate', '-m', at('fresh'), '-i', at('few.tsv'))
  expect([code, out]).toEqual([0, expect.stringContaining('no guarantees: each half of the rows needs 100')])
  expect((await kic('inspect', at('fresh'))).out).toContain('no guarantees; kic calibrate makes them')
})

it('warns of a temperature that few rows fitted, or that the model is too sure for', async () => {
  await cp(at('bare'), at('doubted'), { recursive: true })
  const lines = (await readFile(at('few.tsv'), 'utf8')).trim().split('\n')
  await writeFile(at('eight.tsv'), lines.slice(0, 9).join('\n'))
  await writeFile(at('one.tsv'), lines.slice(0, 2).join('\n'))
  const eight = await kic('calibrate', '-m', at('doubted'), '-i', at('eight.tsv'))
  expect([eight.code, eight.err]).toEqual([
    0,
    expect.stringMatching(/^warning: only 8 rows fitted the temperature.*not to be trusted/m),
  ])
  const saved = await calibrationOf('doubted')
  const one = await kic('calibrate', '-m', at('doubted'), '-i', at('one.tsv'))
  expect([one.code, one.err]).toEqual([1, expect.stringContaining('predictor/calibration-rows')])
  expect(await calibrationOf('doubted')).toEqual(saved)
  const created = await kic(
    ...['ensemble', 'create', at('bare'), at('fresh'), '-o', at('few'), '--calibrate', at('eight.tsv')],
  )
  expect([created.code, created.err.match(/warning: only 8 rows/g)]).toEqual([0, ['warning: only 8 rows']])
})

it('refuses the texts that a nearest-neighbour model keeps', async () => {
  const model = trainNgramModel(generated(300, 9), { model: 'nearest' })
  await saveNgramFolder(at('nearest'), { model, notes: { classification: ksic10, script: ksicScript } })
  const lines = generated(300, 9).map(({ text, label }) => `${text}\t${label}\n`)
  await writeFile(at('own.tsv'), `text\tgroup\n${lines.join('')}`)
  const own = ['calibrate', '-m', at('nearest'), '-i', at('own.tsv')]
  const refused = await kic(...own)
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('(cli/seen-rows)')])
  const allowed = await kic(...own, '--allow-seen')
  expect([allowed.code, allowed.err]).toEqual([0, expect.stringContaining('was trained on 100.0 % of these')])
  const others = await kic('calibrate', '-m', at('nearest'), '-i', at('held-out.tsv'))
  expect(others.code).toBe(0)
})

it('keeps guarantees that too few rows would end', async () => {
  const before = await readFile(join(at('model'), 'kic.json'), 'utf8')
  const { code, err } = await kic('calibrate', '-m', at('model'), '-i', at('few.tsv'))
  expect([code, err]).toEqual([1, expect.stringContaining('classifier/few-rows')])
  expect(await readFile(join(at('model'), 'kic.json'), 'utf8')).toBe(before)
})

it('is called by its name in errors about rows', async () => {
  await writeFile(at('odd.tsv'), 'text\tgroup\n국수 판매\t99999\n')
  const odd = await kic('calibrate', '-m', at('other'), '-i', at('odd.tsv'))
  expect([odd.code, odd.err]).toEqual([
    1,
    expect.stringContaining('error: kic calibrate: rows must be readable'),
  ])
})

describe('kic predict', () => {
  const predicted = async (...args: string[]) => {
    const { code, out, err } = await kic('predict', '-m', at('model'), '-i', at('test.tsv'), '--csv', ...args)
    const table: Record<string, string>[] = parse(out, { columns: true })
    return { code, table, err }
  }
  const truths = async (): Promise<string[]> =>
    (await readFile(at('test.tsv'), 'utf8'))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t')[1] ?? '')

  it('adds a set for each level, which has the true code as often as asked', async () => {
    const { code, table, err } = await predicted('--coverage', '0.9')
    expect(code).toBe(0)
    expect(Object.keys(table[0] ?? {}).slice(-7)).toEqual([
      ...['alternatives', 'section_set', 'division_set', 'group_set', 'novelty', 'novel', 'text'],
    ])
    const labels = await truths()
    const covered = table.filter(({ group_set = '' }, i) => group_set.includes(`${labels[i]}:`)).length
    expect(covered / labels.length).toBeGreaterThan(0.86)
    const novel = table.filter(({ novel }) => novel === 'yes').length
    expect(novel).toBeGreaterThan(0)
    expect(novel).toBeLessThan(40)
    expect(err).toContain(`, ${novel} unlike the calibration rows`)
    const codes = (rows: typeof table): number =>
      rows.reduce((sum, { group_set = '' }) => sum + group_set.split(' ').length, 0)
    const conditional = await predicted('--coverage', '0.9', '--class-conditional')
    expect(conditional.table.map(({ group_set }) => group_set)).not.toEqual(
      table.map(({ group_set }) => group_set),
    )
    const exact = await predicted('--coverage', '0.8', '--exact-coverage')
    expect(exact.table.some(({ section_set }) => section_set === '')).toBe(true)
    expect(codes(exact.table)).toBeLessThan(codes(table))
  })

  it('guarantees an accuracy, or says why it cannot', async () => {
    const { table, err } = await predicted('--target-accuracy', '0.9')
    expect(err).toMatch(/guaranteed with 95 % confidence: at least 90 % .* from a confidence of 0\.\d+ on/)
    const labels = await truths()
    const automatic = table.flatMap(({ status, group }, i) =>
      status === 'coded' ? [group === labels[i]] : [],
    )
    expect(automatic.length).toBeGreaterThan(100)
    expect(automatic.length).toBeLessThan(800)
    expect(automatic.filter(Boolean).length / automatic.length).toBeGreaterThan(0.9)
    const impossible = await predicted('--target-accuracy', '0.9999')
    expect([impossible.code, impossible.err]).toEqual([1, expect.stringContaining('predictor/no-threshold')])
    const surest = await predicted('--target-accuracy', '0.9', '--confidence', '0.9999')
    expect(surest.err).toContain('guaranteed with 99.99 % confidence')
    const [estimate, surer] = [await predicted('--expected-accuracy', '0.9'), surest].map(
      ({ table }) => table.filter(({ status }) => status === 'coded').length,
    )
    expect(estimate).toBeGreaterThan(automatic.length)
    expect(surer).toBeLessThan(automatic.length)
  })

  it('records the guarantee and the threshold that was used', async () => {
    const record = at('promised.json')
    const files = ['-o', at('promised.csv'), '--record', record]
    const { err } = await predicted('--target-accuracy', '0.9', ...files)
    const { options } = JSON.parse(await readFile(record, 'utf8'))
    expect(options).toMatchObject({ targetAccuracy: 0.9, confidence: 0.95 })
    expect(err).toContain(`from a confidence of ${options.reviewBelow} on`)
  })

  it('shows sets to people', async () => {
    const { out } = await kic('predict', '-m', at('model'), '음식점에서 국수 판매', '--coverage', '0.95')
    expect(out).toMatch(/\n {2}section among I \d+\.\d %/)
    expect(out).toMatch(/\n {2}group among \d{3} /)
  })

  it('needs a calibrated model, and options that belong together', async () => {
    for (const option of ['--coverage', '--target-accuracy']) {
      const { code, err } = await kic('predict', '-m', at('bare'), '쌀', option, '0.9')
      expect([code, err]).toEqual([1, expect.stringContaining('Calibrate it with `kic calibrate`')])
    }
    for (const options of [
      ['--class-conditional'],
      ['--exact-coverage'],
      ['--confidence', '0.9'],
      ['--target-accuracy', '0.9', '--review-below', '0.5'],
      ['--coverage', '1.2'],
    ])
      expect((await kic('predict', '-m', at('model'), '쌀', ...options)).code).toBe(2)
  })
})

it('evaluates the sets of a model with guarantees', async () => {
  const { out } = await kic('evaluate', at('test.tsv'), '-m', at('model'), '--json')
  const { sets, top3 } = JSON.parse(out)
  expect(sets).toHaveLength(3)
  for (const { coverage, levels } of sets) {
    for (const level of ['section', 'division', 'group']) {
      expect(levels[level].rows).toBe(800)
      expect(levels[level].covered).toBeGreaterThan(coverage - 0.04)
      expect(levels[level].size).toBeGreaterThanOrEqual(1)
    }
  }
  expect(top3).toBeLessThan(0.99)
  const words = await kic('evaluate', at('test.tsv'), '-m', at('model'))
  expect(words.out).toMatch(/coverage +section +division +group\n 95|80\.0 % +\d+\.\d % · 1\.\d\d/)
  expect(
    JSON.parse((await kic('evaluate', at('test.tsv'), '-m', at('bare'), '--json')).out).sets,
  ).toBeUndefined()
})

it('gives a vote guarantees from rows that chose neither budgets nor temperatures', async () => {
  const ensemble = at('ensemble')
  const { code } = await kic(
    ...['ensemble', 'create', at('bare'), at('other'), '-o', ensemble, '--calibrate', at('held-out.tsv')],
  )
  expect(code).toBe(0)
  const { calibration, budgets } = JSON.parse(await readFile(join(ensemble, 'kic.json'), 'utf8'))
  for (const one of [calibration, budgets.fast, budgets.best])
    expect(one.guarantees.curve.rows).toBe((await calibrationOf('model')).guarantees.curve.rows)
  const { out } = await kic(
    ...['predict', '-m', ensemble, '--budget', 'fast', '음식점에서 국수 판매', '--coverage', '0.9', '--json'],
  )
  expect(Object.keys(JSON.parse(out).sets)).toEqual(['section', 'division', 'group'])

  const input = ['-i', at('test.tsv'), '--coverage', '0.9', '--class-conditional']
  const voted = await kic('ensemble', 'vote', ensemble, ...input)
  expect(voted.out).toBe((await kic('predict', '-m', ensemble, ...input)).out)
  expect(voted.out).toMatch(/^id,.*,section_set,division_set,group_set,novelty,novel,text\r\n/)
  expect((await kic('ensemble', 'vote', ensemble, '-i', at('test.tsv'), '--exact-coverage')).code).toBe(2)
})

it('calibrates a whole ensemble and the budget that votes like it as one', async () => {
  const notes = async () => JSON.parse(await readFile(join(at('ensemble'), 'kic.json'), 'utf8'))
  const answer = async (...more: readonly string[]) => {
    const { out } = await kic('predict', '-m', at('ensemble'), ...more, '음식점에서 국수 판매', '--json')
    return JSON.parse(out)
  }
  for (const [rows, budget] of [
    ['test.tsv', ['--budget', 'best']],
    ['held-out.tsv', []],
  ] as const) {
    const before = (await notes()).calibration
    expect((await kic('calibrate', '-m', at('ensemble'), '-i', at(rows), ...budget)).code).toBe(0)
    expect((await notes()).calibration).not.toEqual(before)
    expect((await answer('--budget', 'best')).confidence).toBe((await answer()).confidence)
  }
})
