import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { trainNgramModel } from '@kic/ngram'
import { saveNgramFolder } from '@kic/predictor/node'
import { GROUPS, KSIC_NOTES, saveTinyModel } from '@kic/tool-tiny-models'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-ensemble-'))
  await saveTinyModel(join(folder, 'a'))
  // The same groups in another order: the same numbers mean other classes.
  await saveTinyModel(join(folder, 'b'), undefined, { 0: '952', 1: '951', 2: '561', 3: '453', 4: '011' })
  await saveTinyModel(join(folder, 'division'), undefined, { 0: '95', 1: '56', 2: '45', 3: '01' })
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}
const lines = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

it('lets models vote on the rows of a file, classes matched by code', async () => {
  const [a, b, division] = ['a', 'b', 'division'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const file = join(folder, 'ensemble')
  const created = await kic('ensemble', 'create', a, b, division, '-o', file)
  expect([created.code, created.out]).toEqual([
    0,
    'a: group, weight 1, temperature 1.000\nb: group, weight 1, temperature 1.000\n' +
      `division: division, weight 1, temperature 1.000\nsaved in ${file}; kic predict --model ${file} runs it\n`,
  ])
  const { members } = JSON.parse(await readFile(join(file, 'ensemble.json'), 'utf8'))
  expect(members.map(({ model }: { model: string }) => model)).toEqual([
    'members/a',
    'members/b',
    'members/division',
  ])

  const input = join(folder, 'rows.tsv')
  const texts = ['쌀', '타이어 오일 교환', '???', '국수 판매', '컴퓨터 수리']
  await writeFile(input, `id\ttext\n${texts.map((text, i) => `r${i}\t${text}`).join('\n')}\n`)
  const voted = await kic('ensemble', 'vote', file, '-i', input, '--json')
  expect([voted.code, voted.err]).toEqual([
    0,
    expect.stringContaining('5 rows: 4 coded, 0 to review, 1 unusable'),
  ])
  const answers = lines(voted.out)
  expect(answers.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'r0 coded',
    'r1 coded',
    'r2 unusable',
    'r3 coded',
    'r4 coded',
  ])

  const of = async (model: string) =>
    lines((await kic('predict', '--model', model, '--json', '--top', '5', ...texts)).out)
  const [fromA, fromB] = [await of(a), await of(b)]
  for (const [i, { top, codes }] of answers.entries()) {
    if (top === undefined) continue
    const confidence = (rows: { top: { code: string; confidence: number }[] }[], code: string): number =>
      rows[i]?.top.find((candidate) => candidate.code === code)?.confidence ?? -1
    for (const { code, confidence: mean } of top)
      expect(mean).toBeCloseTo((confidence(fromA, code) + confidence(fromB, code)) / 2, 2)
    expect(codes.group.code.startsWith(codes.division.code)).toBe(true)
  }

  const output = join(folder, 'coded.csv')
  expect((await kic('ensemble', 'vote', file, '-i', input, '-o', output)).code).toBe(0)
  const table: Record<string, string>[] = parse(await readFile(output, 'utf8'), { columns: true })
  expect(table.map(({ group }) => group)).toEqual(answers.map(({ codes }) => codes?.group.code ?? ''))
})

it('refuses models of different classes, and files that are none', async () => {
  const other = join(folder, 'other')
  await saveTinyModel(other, undefined, { 0: '952', 1: '012' })
  const file = join(folder, 'none')
  const { code, err } = await kic('ensemble', 'create', join(folder, 'a'), other, '-o', file)
  expect([code, err]).toEqual([1, expect.stringContaining('predictor/ensemble-classes')])
  const grades = join(folder, 'grades')
  await saveTinyModel(grades, undefined, { 0: '상', 1: '하' })
  const mixed = await kic('ensemble', 'create', join(folder, 'a'), grades, '-o', file)
  expect([mixed.code, mixed.err]).toEqual([1, expect.stringContaining('levels of one classification')])
  expect(await kic('ensemble', 'create', join(folder, 'a'), '-o', `${file}.json`)).toMatchObject({
    code: 1,
    err: expect.stringContaining('Leave .json out'),
  })
  expect(await kic('ensemble', 'vote', `${file}.json`, '-i', '-')).toMatchObject({
    code: 1,
    err: expect.stringContaining('ensemble/file'),
  })
})

it('names classes as its models do, whatever their classification', async () => {
  const own = {
    name: 'complaints',
    levels: [
      {
        name: 'group',
        nodes: [
          { code: '011', name: '불만' },
          { code: '952', name: '칭찬' },
        ],
      },
    ],
  }
  const notes = { format: 'kic-model', version: 1, classification: own, script: ksicScript }
  const models = ['mine', 'yours'].map((name) => join(folder, name))
  for (const model of models) await saveTinyModel(model, notes, { 0: '011', 1: '952' })
  const file = join(folder, 'named')
  expect(await kic('ensemble', 'create', ...models, '-o', file)).toMatchObject({ code: 0 })
  const input = join(folder, 'named.txt')
  await writeFile(input, '쌀\n국수 판매\n')
  const voted = lines((await kic('ensemble', 'vote', file, '-i', input, '--format', 'lines', '--json')).out)
  const predicted = lines((await kic('predict', '-m', models[0] ?? '', '--json', '쌀', '국수 판매')).out)
  expect(voted.map(({ codes }) => codes.group.name)).toEqual(predicted.map(({ codes }) => codes.group.name))
  expect(['불만', '칭찬']).toContain(voted[0].codes.group.name)
})

it('refuses ensembles as members, outputs that are members, and says what a folder lacks', async () => {
  const [a, b, ensemble] = ['a', 'b', 'whole'].map((name) => join(folder, name)) as [string, string, string]
  await kic('ensemble', 'create', a, b, '-o', ensemble)
  const create = (...args: string[]) => kic('ensemble', 'create', ...args)
  const before = await readFile(join(a, 'kic.json'), 'utf8').catch(() => '')
  expect(await create(a, b, '-o', a)).toMatchObject({
    code: 1,
    err: expect.stringMatching(
      /kic ensemble create: .*must not be that of a model in it.*\(predictor\/folder\)/,
    ),
  })
  expect(await readFile(join(a, 'kic.json'), 'utf8').catch(() => '')).toBe(before)
  const output = join(folder, 'nested')
  expect(await create(ensemble, a, '-o', output)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/an ensemble cannot be a member.*received .*whole/),
  })
  expect(await create(join(folder, 'nobody'), a, '-o', output)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/config\.json .*ngram\.safetensors .*rerank\.json .*ensemble\.json /),
  })
  expect(await create('@kic/model-nobody', a, '-o', output)).toMatchObject({
    code: 1,
    err: expect.stringContaining('cli/no-model'),
  })
})

it('takes the name of a package for the model in it', async () => {
  const output = join(folder, 'packaged')
  const created = await kic('ensemble', 'create', '@kic/model-mini', '-o', output)
  expect(created).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^model-mini: group, /) })
})

it('names the members that vote with raw probabilities', async () => {
  const output = join(folder, 'raw')
  const { err } = await kic('ensemble', 'create', join(folder, 'a'), join(folder, 'b'), '-o', output)
  const warnings = err.split('\n').filter((line) => line.startsWith('warning: '))
  expect(warnings).toEqual([
    'warning: members without a calibration vote with raw probabilities: a, b; set --calibrate FILE, or run kic calibrate on each of them first',
  ])
})

it('lets calibrated models vote with their calibrated probabilities', async () => {
  const calibrated = async (name: string, temperature: number): Promise<string> => {
    const path = join(folder, name)
    const curve = { rows: 0, thresholds: [0], automatic: [0], correct: {} }
    await saveTinyModel(path, {
      format: 'kic-model',
      version: 1,
      classification: ksic10,
      script: ksicScript,
      calibration: { temperature, on: 'no rows', curve },
    })
    return path
  }
  const models = [await calibrated('soft', 4), await calibrated('hard', 0.5)]
  const file = join(folder, 'calibrated')
  const created = await kic('ensemble', 'create', ...models, '-o', file)
  expect(created.out).toContain('soft: group, weight 1, temperature 4.000\n')
  expect(created.err).toBe('')
  const texts = ['쌀', '타이어 오일 교환', '국수 판매', '컴퓨터 수리']
  const input = join(folder, 'texts.txt')
  await writeFile(input, texts.join('\n'))
  const voted = lines((await kic('ensemble', 'vote', file, '-i', input, '--format', 'lines', '--json')).out)
  const answers = await Promise.all(
    models.map(async (model) =>
      lines((await kic('predict', '-m', model, '--json', '-k', '5', ...texts)).out),
    ),
  )
  for (const [i, { top }] of voted.entries()) {
    for (const { code, confidence } of top) {
      const own = answers.map((rows) => rows[i].top.find((one: { code: string }) => one.code === code))
      const mean = (own[0].confidence + own[1].confidence) / 2
      expect(Math.abs(own[0].confidence - own[1].confidence)).toBeGreaterThan(0.02)
      expect(confidence).toBeCloseTo(mean, 5)
    }
  }
})

it('answers kic predict and kic evaluate as a model does', async () => {
  const models = ['one', 'two'].map((name) => join(folder, name))
  await saveTinyModel(models[0] ?? '')
  await saveTinyModel(models[1] ?? '', undefined, { 0: '952', 1: '951', 2: '561', 3: '453', 4: '011' })
  const file = join(folder, 'both')
  await kic('ensemble', 'create', ...models, '-o', file)
  const texts = Array.from(
    { length: 40 },
    (_, i) => `${['쌀', '국수', '타이어'][i % 3]} ${'수리 '.repeat(i % 5)}${i}`,
  )
  const input = join(folder, 'forty.tsv')
  await writeFile(input, `id\ttext\n${texts.map((text, i) => `r${i}\t${text}`).join('\n')}\nr40\t???\n`)
  const voted = await kic('ensemble', 'vote', file, '-i', input)
  const predicted = await kic('predict', '-m', file, '-i', input)
  expect([predicted.code, predicted.out]).toEqual([0, voted.out])
  const table: Record<string, string>[] = parse(voted.out, { columns: true })
  const below = await kic('predict', '-m', file, '-i', input, '--review-below', '1', '-k', '1', '--json')
  expect(lines(below.out).slice(0, 2)).toMatchObject([{ status: 'review' }, { status: 'review' }])
  expect(lines(below.out)[0].top).toHaveLength(1)
  expect(await kic('predict', '-m', file, '쌀')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^쌀\n {2}\S/),
  })
  const wanted = await kic('predict', '-m', file, '쌀', '--expected-accuracy', '0.9')
  expect([wanted.code, wanted.err]).toEqual([1, expect.stringContaining('cli/no-curve')])

  // The ensemble's own answers as labels, but for every fourth row.
  const rows = table.slice(0, 40).map(({ text, group = '' }, i) => {
    const other = group === '011' ? '951' : '011'
    return `${text}\t${i % 4 === 0 ? other : group}`
  })
  const labelled = join(folder, 'labelled.tsv')
  await writeFile(labelled, `text\tgroup\n${rows.join('\n')}\n???\t011\n`)
  const evaluation = JSON.parse((await kic('evaluate', labelled, '-m', file, '--json')).out)
  expect(evaluation).toMatchObject({ model: file, rows: 41, unusable: 1 })
  expect(evaluation.levels.group.accuracy).toBeCloseTo(30 / 41, 9)
  expect(evaluation.levels.section.accuracy).toBeGreaterThanOrEqual(evaluation.levels.group.accuracy)
  expect((await kic('evaluate', labelled, '-m', file)).out).toContain(
    `41 rows of labelled.tsv, ${file}\nnot calibrated`,
  )
  // Its calibration is saved in its folder, as a model's is.
  const calibrated = await kic('evaluate', labelled, '-m', file, '--calibrate')
  expect([calibrated.code, calibrated.out]).toEqual([
    0,
    expect.stringContaining('calibrated on 41 rows of labelled.tsv (temperature '),
  ])
  const reached = await kic('predict', '-m', file, '쌀', '--expected-accuracy', '0.7')
  expect([reached.code, reached.err]).toEqual([0, expect.stringContaining('accuracy on these 40 rows')])
  const inspected = await kic('inspect', file)
  expect(inspected.out).toContain('ensemble of 2 models, scheme path')
  expect(inspected.out).toContain('one: network, group, weight 1, temperature 1.000')
  expect(inspected.out).toContain('on 41 rows of labelled.tsv')
  expect(await kic('export', file)).toMatchObject({
    code: 0,
    out: '',
    err: expect.stringContaining('an ensemble, which is ready to run'),
  })
})

it('takes n-gram models, and measures budgets on rows', async () => {
  const words = ['쌀 재배', '국수 판매', '타이어 교환', '자동차 부품', '컴퓨터 수리']
  const rows = Array.from({ length: 90 }, (_, i) => ({
    text: `${words[i % 5]} ${i % 9}`,
    label: GROUPS[i % 5] ?? '',
  }))
  const models = ['svc', 'network'].map((name) => join(folder, name))
  await saveNgramFolder(models[0] ?? '', {
    model: trainNgramModel(rows, { model: 'linear-svc' }),
    notes: { classification: ksic10, script: ksicScript },
    card: { licence: 'mit' },
  })
  await saveTinyModel(models[1] ?? '', KSIC_NOTES)
  const labelled = join(folder, 'validation.tsv')
  await writeFile(labelled, `text\tgroup\n${rows.map(({ text, label }) => `${text}\t${label}`).join('\n')}\n`)
  const file = join(folder, 'measured')
  const created = await kic('ensemble', 'create', ...models, '-o', file, '--calibrate', labelled)
  // The network has random weights; the n-gram model alone is right.
  expect([created.code, created.out]).toEqual([
    0,
    expect.stringMatching(
      /\nbudget fast: svc; accuracy 100\.0 %, [\d,]+ rows\/s\nbudget best: svc, network; accuracy /,
    ),
  ])
  const inspected = JSON.parse((await kic('inspect', file, '--json')).out)
  expect(inspected).toMatchObject({
    kind: 'ensemble',
    members: [
      { name: 'svc', kind: 'ngram' },
      { name: 'network', kind: 'network' },
    ],
    budgets: { fast: { accuracy: 1, members: [{ name: 'svc' }] } },
    calibration: { on: '90 rows of validation.tsv' },
  })
  expect((await kic('inspect', file)).out).toMatch(/budgets +fast: svc; accuracy 100\.0 %, [\d,]+ rows\/s/)
  const card = await readFile(join(file, 'README.md'), 'utf8')
  expect(card).not.toContain('alibrated on')
  expect(card).toMatch(/\| `fast` \| svc \| 100\.0 % \| [\d,]+ \|/)
  const fast = await kic('evaluate', labelled, '-m', file, '--budget', 'fast', '--json')
  expect(JSON.parse(fast.out).levels.group.accuracy).toBe(1)
  const texts = rows.slice(0, 5).map(({ text }) => text)
  const answers = async (...args: string[]) => (await kic('predict', '--json', ...args, ...texts)).out
  const codes = (out: string) => lines(out).map(({ codes }) => codes.group.code)
  expect(codes(await answers('-m', file, '--budget', 'fast'))).toEqual(GROUPS)
  expect(await answers('-m', file, '--budget', 'best')).toBe(await answers('-m', file))
  expect(await kic('predict', '-m', models[0] ?? '', '--budget', 'fast', '쌀')).toMatchObject({
    code: 1,
    err: expect.stringContaining('predictor/budget'),
  })
  // The n-gram model is a model by itself.
  expect((await kic('inspect', models[0] ?? '')).out).toContain('model linear-svc, shortest 1, longest 4')
  const alone = await kic('evaluate', labelled, '-m', models[0] ?? '', '--calibrate', '--json')
  expect(JSON.parse(alone.out).calibration.on).toBe('90 rows of validation.tsv')
  expect(await kic('export', models[0] ?? '')).toMatchObject({
    code: 0,
    err: expect.stringContaining('an n-gram model, which is ready to run'),
  })
})
