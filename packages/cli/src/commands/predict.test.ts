import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createRandom } from '@kic/core'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { saveTinyModel } from '../../../predictor/src/__fixtures__/tiny-model.ts'
import { type FakeIo, fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
let model: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-cli-'))
  model = join(folder, 'model')
  const thresholds = [0, 0.5]
  await saveTinyModel(model, {
    format: 'kic-model',
    version: 1,
    classification: 'ksic10',
    script: 'Hangul',
    calibration: {
      temperature: 1,
      on: 'forty rows',
      curve: {
        rows: 50,
        thresholds,
        automatic: [48, 40],
        correct: { section: [40, 40], division: [40, 40], group: [30, 36] },
      },
    },
  })
})
afterAll(() => rm(folder, { recursive: true }))

const predict = async (args: readonly string[], io: FakeIo = fakeIo()) => ({
  code: await run(['predict', '--model', model, ...args], io),
  out: io.printed(),
  err: io.told(),
})
const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}
const table = (csv: string): Record<string, string>[] => parse(csv, { columns: true, bom: true })

describe('kic predict', () => {
  it('codes the texts given, in words and as JSON', async () => {
    const { code, out, err } = await predict(['쌀', 'rice'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^쌀\n {2}\S+ +[\d.]+ %/)
    expect(out).toContain('rice\n  not classified: the text is not in the language of the model')
    const lines = (await predict(['쌀', 'rice', '--json', '--top', '2'])).out.trim().split('\n')
    const [rice, english] = lines.map((line) => JSON.parse(line))
    expect(rice).toMatchObject({ status: 'coded', text: '쌀' })
    expect(rice.top).toHaveLength(2)
    expect(english).toEqual({ status: 'unusable', text: 'rice', reason: 'other-language' })
  })

  it('codes lines of standard input', async () => {
    const { code, out } = await predict(
      [],
      fakeIo({ input: [Buffer.from('쌀\n국수 '), Buffer.from('판매\n')] }),
    )
    expect(code).toBe(0)
    expect(table(out).map(({ line, text, status }) => [line, text, status])).toEqual([
      ['1', '쌀', 'coded'],
      ['2', '국수 판매', 'coded'],
    ])
  })

  it('gives every row of a file an answer, in order, whatever is wrong with it', async () => {
    const rows = [
      'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal',
      'a|X|99|999|논에서|벼 재배|쌀',
      'b||||||',
      'c|S|95|952|too few',
      'd||||=cmd|국수|',
      'e||||!|!|!',
    ]
    const input = await file('answers.txt', `${rows.join('\n')}\n`)
    const output = join(folder, 'coded.csv')
    const { code, err } = await predict(['-i', input, '-o', output, '--bom'])
    expect(code).toBe(3)
    expect(err).toContain('line 4: too-few-fields')
    expect(err).toContain('5 rows: 2 coded, 0 to review, 3 unusable')
    const csv = await readFile(output, 'utf8')
    expect(csv.startsWith('\ufeffid,line,status')).toBe(true)
    expect(table(csv).map(({ line, id, status, reason }) => [line, id, status, reason])).toEqual([
      ['2', 'a', 'coded', ''],
      ['3', '', 'unusable', 'empty-text'],
      ['4', '', 'unusable', 'too-few-fields'],
      ['5', 'd', 'coded', ''],
      ['6', 'e', 'unusable', 'no-letters'],
    ])
    const [first, , , formula] = table(csv)
    expect(first?.section).toMatch(/^[A-U]$/)
    expect(Number(first?.group_confidence)).toBeGreaterThan(0.2)
    expect(formula?.text).toBe("'=cmd 국수")
  })

  it('writes no cell that a spreadsheet program would run, whatever stands in ids and texts', async () => {
    const evil = ['=1+1', '+쌀', '-쌀', '@쌀', '＝쌀', '\t=쌀', '"=쌀"', '=HYPERLINK("x";"쌀")']
    const rows = evil.map(
      (text, i) => `"${text.replaceAll('"', '""')}${i}","${text.replaceAll('"', '""')} 쌀"`,
    )
    const input = await file('evil.csv', `id,text\n${rows.join('\n')}\n`)
    const { out } = await predict(['-i', input])
    const cells = (parse(out) as string[][]).flat()
    expect(cells.length).toBeGreaterThan(80)
    for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/)
  })

  it('reads columns of other names, cp949, and gzip', async () => {
    const cp949 = Buffer.concat([Buffer.from('no,what\n7,'), Buffer.from([0xbd, 0xd2]), Buffer.from('\n')])
    const input = await file('survey.csv.gz', gzipSync(cp949))
    const { code, out } = await predict(['-i', input, '--columns', 'text=what,id=no'])
    expect(code).toBe(0)
    expect(table(out)).toMatchObject([{ id: '7', text: '쌀', status: 'coded' }])
  })

  it('marks for review by a threshold, or by the accuracy wanted, and says what to expect', async () => {
    const { out, err } = await predict(['쌀', '--review-below', '1', '--json'])
    expect(JSON.parse(out).status).toBe('review')
    expect(err).toContain(
      'at --review-below 1 80.0 % were coded automatically, of these 40 right: section 100.0 %',
    )
    expect((await predict(['쌀', '--target-accuracy', '0.9'])).err).toContain('--review-below 0.5')
    const { code, err: refused } = await predict(['쌀', '--target-accuracy', '0.95'])
    expect([code, refused]).toEqual([1, expect.stringContaining('cli/target-accuracy')])
  })

  it('keeps what was done when a gzip breaks off, and says where', async () => {
    // Long ids, so that few rows are many of the blocks that are read at once.
    const random = createRandom('half')
    const id = (): string => Array.from({ length: 60 }, () => random.int(0x7fffffff).toString(36)).join('')
    const lines = Array.from({ length: 8000 }, (_, i) => `${id()}\t쌀 국수 ${i}`)
    const whole = gzipSync(`id\ttext\n${lines.join('\n')}`)
    const input = await file('half.gz', whole.subarray(0, whole.length / 2))
    const output = join(folder, 'half.csv')
    const { code, err } = await predict(['-i', input, '-o', output])
    expect(code).toBe(1)
    expect(err).toMatch(/\d+ rows were done; they are kept in .*half\.csv\.partial\nerror: .*gzip/s)
    await expect(stat(output)).rejects.toThrow('ENOENT')
    const done = table(await readFile(`${output}.partial`, 'utf8'))
    expect(done.length).toBeGreaterThan(2000)
    expect(done.at(-1)?.text).toBe(`쌀 국수 ${done.length - 1}`)
    expect(err).toContain(`${done.length} rows were done`)
  })

  it('reports a line of 100 MB without holding it, and goes on', async () => {
    const piece = Buffer.alloc(1 << 20, 'a')
    async function* input() {
      yield Buffer.from('쌀\n')
      for (let i = 0; i < 100; i++) yield piece
      yield Buffer.from('\n국수\n')
    }
    const { code, out, err } = await predict([], fakeIo({ input: input() }))
    expect(code).toBe(3)
    expect(err).toContain('line 2: line-too-long')
    expect(table(out).map(({ line, status }) => `${line} ${status}`)).toEqual([
      '1 coded',
      '2 unusable',
      '3 coded',
    ])
  })

  it('refuses a binary file, a missing one and a folder', async () => {
    const binary = await file('binary.bin', new Uint8Array(5000))
    expect(await predict(['-i', binary])).toMatchObject({
      code: 1,
      err: expect.stringContaining('data/not-text'),
    })
    expect(await predict(['-i', join(folder, 'none')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('data/missing-file'),
    })
    const random = await file(
      'random.bin',
      Uint8Array.from({ length: 5000 }, (_, i) => ((i * i * 31 + i) % 255) + 1),
    )
    const { code, err } = await predict(['-i', random])
    expect([code, err]).toEqual([1, expect.stringContaining('data/')])
  })

  it('ends quietly when nobody reads on, and with 130 when interrupted', async () => {
    const closing = fakeIo({ input: [Buffer.from('쌀\n'.repeat(20_000))], closesAfter: 1 })
    expect(await predict([], closing)).toMatchObject({ code: 0, err: '' })
    const interrupted = fakeIo({
      input: [Buffer.from('쌀\n'.repeat(20_000))],
      signal: AbortSignal.abort(new Error('stop')),
    })
    expect((await predict([], interrupted)).code).toBe(130)
  })

  it('refuses texts together with a file', async () => {
    expect((await predict(['쌀', '-i', 'x'])).code).toBe(2)
    expect((await predict(['쌀', '--review-below', '2'])).code).toBe(2)
  })

  it('takes a stream of a file as standard input with its format', async () => {
    const input = await file('stream.tsv', 'id\ttext\n1\t쌀\n2\t국수\n')
    const { out } = await predict(['-i', '-'], fakeIo({ input: createReadStream(input) }))
    expect(table(out).map(({ id, text }) => [id, text])).toEqual([
      ['1', '쌀'],
      ['2', '국수'],
    ])
  })
})

describe('kic inspect', () => {
  it('says what a folder holds and what to expect', async () => {
    const io = fakeIo()
    expect(await run(['inspect', model], io)).toBe(0)
    expect(io.printed()).toContain('5 classes at the level group of KSIC rev. 10')
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
})
