import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-train-'))
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}

/** Answers whose group follows from their second word. */
const trades = [
  ['952', '카센터에서 정비'],
  ['561', '음식점에서 조리'],
  ['011', '논에서 재배'],
] as const
const answers = Array.from({ length: 240 }, (_, i) => {
  const [code, words] = trades[i % 3] ?? trades[0]
  return `${words} ${['오전', '오후', '매일', '주말'][i % 4]} ${i}\t${code}`
})
const pace = ['--learning-rate', '0.01', '--batch-size', '16']
const sizes = ['--reading', 'words', '--hidden', '32', '--layers', '1', '--vocabulary', '120', ...pace]

it('pretrains, trains on that, calibrates, and predicts what was learned', async () => {
  const file = join(folder, 'answers.tsv')
  await writeFile(file, `text\tgroup\n${answers.join('\n')}\n`)
  const pretrained = join(folder, 'pretrained')
  const tapt = await kic('tapt', file, '-o', pretrained, '--epochs', '2', '--json', ...sizes)
  expect([tapt.code, tapt.err.includes('error')]).toEqual([0, false])
  expect(JSON.parse(tapt.out)).toMatchObject({ folder: pretrained, texts: 228 })
  expect(JSON.parse(tapt.out).perplexity).toBeLessThan(100)

  const model = join(folder, 'model')
  const train = ['train', file, '-o', model, '--from', pretrained, '--epochs', '4', '--json', ...pace]
  const { code, out, err } = await kic(...train)
  expect([code, err]).toEqual([0, expect.stringContaining('3 classes (group)')])
  expect(err).toContain('learning rate 0.01 (as given)')
  const evaluation = JSON.parse(out)
  expect(evaluation.trainingRows + evaluation.rows).toBe(240)
  expect(evaluation.levels.group.accuracy).toBe(1)

  const predicted = await kic('predict', '--model', model, '--json', '카센터에서 정비 매일', '논에서 재배')
  expect(
    predicted.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).codes.group.code),
  ).toEqual(['952', '011'])
  const described = await kic('inspect', model)
  expect(described.out).toMatch(/calibration +temperature .* held-out rows of .*answers\.tsv/)
})

it('refuses files without labels and options that mean nothing', async () => {
  const file = join(folder, 'bare.tsv')
  await writeFile(file, 'text\tgroup\n쌀\t\n')
  expect(await kic('train', file, '-o', join(folder, 'none'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('cli/no-labels'),
  })
  expect((await kic('train', file)).code).toBe(2)
  expect((await kic('train', file, '-o', 'x', '--epochs', '0')).code).toBe(2)
  expect(await kic('tapt', file, '-o', join(folder, 'none'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('cli/few-rows'),
  })
})

const tiny = [...sizes, '--epochs', '1']

describe('rows that kic train leaves out', () => {
  it('are counted and said, with the likely cause', async () => {
    const file = join(folder, 'zeros.csv')
    const rows = answers.map((row) => row.replace('\t', ',').replace(/,011$/, ',11'))
    await writeFile(file, `text,code\n${rows.join('\n')}\n이름만,\n`)
    const { code, err } = await kic('train', file, '-o', join(folder, 'zeros'), ...tiny)
    expect(code).toBe(0)
    expect(err).toContain(
      '81 of 241 rows have no group and are left out: 1 unlabelled (line 242), 80 with only a code of the level division ' +
        '(lines 4, 7, 10, 13, 16, …). 80 of them would be a group with a leading zero, which spreadsheet programs remove',
    )
    expect(err).toContain('2 classes (group)')
    // As the note says: named as what it is, the column has its zeros again.
    const named = await kic(
      ...['train', file, '-o', join(folder, 'restored'), ...tiny],
      ...['--columns', 'text=text,group=code'],
    )
    expect(named.err).toContain('1 of 241 rows has no group and is left out (line 242).')
    expect(named.err).toContain('3 classes (group)')
  })

  it('are an error where they cannot be read, unless they may be skipped', async () => {
    const file = join(folder, 'bad.tsv')
    await writeFile(file, `text\tgroup\n${answers.join('\n')}\n쌀\t999\n쌀\n`)
    const output = join(folder, 'bad')
    const refused = await kic('train', file, '-o', output, ...tiny)
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/line 242: .*line 243: .*--skip-bad-rows/)
    expect(refused.err.trim().split('\n')).toHaveLength(1)
    const skipped = await kic('train', file, '-o', output, ...tiny, '--skip-bad-rows')
    expect([skipped.code, skipped.err]).toEqual([
      0,
      expect.stringContaining('2 unreadable rows are left out'),
    ])
    const texts = join(folder, 'texts.tsv')
    await writeFile(texts, `text\n${answers.map((row) => row.replace('\t', ' ')).join('\n')}\na\tb\n`)
    const tapt = ['tapt', texts, '-o', join(folder, 'tapt-bad'), ...tiny]
    expect(await kic(...tapt)).toMatchObject({ code: 1, err: expect.stringContaining('line 242: ') })
    const pretrained = await kic(...tapt, '--skip-bad-rows')
    expect(pretrained).toMatchObject({
      code: 0,
      err: expect.stringContaining('1 unreadable row is left out'),
    })
  })
})

describe('the classes of kic train', () => {
  const labelled = async (name: string, labels: readonly string[], header = ''): Promise<string> => {
    const file = join(folder, name)
    const rows = answers.map((row, i) => row.replace(/\t.*/, `\t${labels[i % labels.length]}`))
    await writeFile(file, `${header}${rows.join('\n')}\n`)
    return file
  }

  it('must be two at least', async () => {
    const one = await labelled('one.tsv', ['561'])
    const refused = await kic('train', one, '-o', join(folder, 'one'), ...tiny)
    expect([refused.code, refused.err]).toEqual([
      1,
      "error: trainClassifier: rows must have at least two classes, received 240 rows of one group, '561'. " +
        'Add rows of other classes, or choose another level. (classifier/one-class)\n',
    ])
    const two = await labelled('two.tsv', ['952', '561'])
    const output = join(folder, 'two')
    expect(await kic('train', two, '-o', output, ...tiny)).toMatchObject({ code: 0 })
    expect((await readdir(join(output, 'onnx'))).sort()).toEqual(['model.onnx', 'model_quantized.onnx'])
    expect((await kic('inspect', output)).out).toMatch(/classes +2 of .*calibration +temperature/s)
    expect((await kic('export', output, '--format', 'float32')).code).toBe(0)
  })

  it.each([
    [
      'a letter that is also a section',
      ['A', 'B', 'C'],
      'if they are codes of the level section, set --level section',
    ],
    ['words', ['불만', '칭찬', '문의'], 'if they are codes, set --labels codes'],
    ['numbers', ['0', '1', '2'], 'if they are codes, set --labels codes'],
  ])('may be of your own: %s', async (_, labels, note) => {
    const file = await labelled(`${labels[0]}.tsv`, labels, 'text\tcode\n')
    const output = join(folder, `own-${labels[0]}`)
    const { code, err } = await kic('train', file, '-o', output, ...sizes, '--epochs', '4')
    expect([code, err]).toEqual([0, expect.stringContaining(note)])
    expect(err).toContain('3 classes (label)')
    const { classification } = JSON.parse(await readFile(join(output, 'kic.json'), 'utf8'))
    expect(classification.levels).toMatchObject([{ name: 'label' }])
    const coded = await kic('predict', '-m', output, '--json', '카센터에서 정비 매일', '논에서 재배 주말')
    const codes = coded.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).codes)
    expect(codes.map((levels) => [Object.keys(levels), levels.label.code])).toEqual([
      [['label'], labels[0]],
      [['label'], labels[2]],
    ])
    const judged = await kic('evaluate', file, '-m', output, '--json')
    expect(JSON.parse(judged.out).levels.label).toMatchObject({ rows: 240, accuracy: 1 })
  })

  it('are sections where somebody says so, and a column is named', async () => {
    const file = await labelled('sections.tsv', ['A', 'B', 'C'])
    const { code, err } = await kic('train', file, '-o', join(folder, 's'), ...tiny, '--level', 'section')
    expect([code, err]).toEqual([0, expect.stringContaining('3 classes (section)')])
    const named = await labelled('label.tsv', ['952', '561', '011'], 'text\tlabel\n')
    const own = await kic('train', named, '-o', join(folder, 'l'), ...tiny)
    expect([own.code, own.err]).toEqual([0, expect.stringContaining('3 classes (label)')])
    const headed = await labelled('headed.tsv', ['불만', '칭찬', '문의'], '내용\t분류\n')
    const header = await kic('train', headed, '-o', join(folder, 'h'), ...tiny)
    expect(header.err).toContain("'분류' is only in the first line; if that is a header")
    const letters = await labelled('letters.tsv', ['A', 'B', 'C'], '내용\t분류\n')
    const beside = await kic('train', letters, '-o', join(folder, 'h'), ...tiny)
    expect(beside.err).toContain("'분류' is only in the first line; if that is a header")
    const both = await kic(
      'train',
      file,
      '-o',
      join(folder, 'l'),
      ...tiny,
      '--level',
      'group',
      '--labels',
      'own',
    )
    expect(both).toMatchObject({ code: 1, err: expect.stringContaining('cli/level') })
  })
})

describe('what kic train and kic tapt need at their end', () => {
  it.each(['train', 'tapt'])('is asked for at the start: %s', async (command) => {
    const file = join(folder, 'way.tsv')
    await writeFile(file, `text\tgroup\n${answers.join('\n')}\n`)
    const blocked = await kic(command, file, '-o', join(file, 'model'), ...tiny)
    expect(blocked).toMatchObject({ code: 1, err: expect.stringContaining('core/output') })
    expect(blocked.err).not.toContain('engine')
    const uneven = await kic(command, file, '-o', join(folder, 'uneven'), '--hidden', '33')
    expect(uneven).toMatchObject({ code: 1, err: expect.stringContaining('cli/sizes') })
    const given = ['--from', 'encoder', '--vocabulary', '10']
    expect(await kic(command, file, '-o', join(folder, 'needless'), ...given)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--vocabulary is for a model from scratch'),
    })
    const none = await kic(command, file, '-o', join(folder, 'nothing'), '--from', join(folder, 'nowhere'))
    expect(none.code).toBe(1)
    expect(none.err).not.toContain('engine')
    expect(await readdir(folder)).not.toContain('nothing')
  })

  it('is ONNX Runtime, too', async () => {
    vi.doMock('onnxruntime-node', () => {
      throw new Error("Cannot find package 'onnxruntime-node'")
    })
    try {
      const file = join(folder, 'way.tsv')
      const { code, err } = await kic(
        'train',
        file,
        '-o',
        join(folder, 'nothing'),
        ...tiny,
        '--engine',
        'cpu',
      )
      expect([code, err]).toEqual([1, expect.stringContaining('npm install onnxruntime-node')])
      expect(err.trim().split('\n')).toHaveLength(1)
    } finally {
      vi.doUnmock('onnxruntime-node')
    }
  })
})
