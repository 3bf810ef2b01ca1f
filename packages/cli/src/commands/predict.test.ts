import { createReadStream } from 'node:fs'
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createRandom } from '@kic/core'
import { saveExamples } from '@kic/predictor/node'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { saveCalibratedModel } from '../__fixtures__/calibrated-model.ts'
import { type FakeIo, fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
let model: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-cli-'))
  model = join(folder, 'model')
  await saveCalibratedModel(model)
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
    expect(out).toContain('rice\n  not classified: the text is not in the model’s language')
    const lines = (await predict(['쌀', 'rice', '--json', '--top', '2'])).out.trim().split('\n')
    const [rice, english] = lines.map((line) => JSON.parse(line))
    expect(rice).toMatchObject({ status: 'coded', text: '쌀' })
    expect(rice.top).toHaveLength(2)
    expect(english).toEqual({ status: 'unusable', text: 'rice', reason: 'other-language' })
  })

  it('explains answers, in words and as JSON', async () => {
    const { code, out } = await predict(['논에서 벼 재배', 'rice', '--explain'])
    expect(code).toBe(0)
    const lines = out.split('\n')
    const at = lines.indexOf('  why')
    expect(lines[at + 2]).toBe('    논에서 벼 재배')
    // A bar is as wide as its character.
    expect(lines[at + 1]).toMatch(/^ {4}[ ▁-█]{14} {2}\d{3}$/)
    expect(lines[at + 4]).toMatch(/^ {4}without \S \S \S: [\d.]+ %$/)
    expect(lines.filter((line) => line === '  why')).toHaveLength(1)
    const json = JSON.parse((await predict(['논에서 벼 재배', '--explain', '--json'])).out)
    expect(json.explanation.characters).toHaveLength(8)
    expect(json.explanation.first.code).toBe(json.codes.group.code)
    expect((await predict(['쌀', '--explain', '--csv'])).code).toBe(2)
  })

  it('shows the nearest coded texts that the folder keeps', async () => {
    const kept = join(folder, 'kept')
    await cp(model, kept, { recursive: true })
    await saveExamples(kept, [{ text: '밭에서 벼 재배', code: '011' }])
    const asked = ['predict', '--model', kept, '논에서 벼 재배', '--explain']
    const words = fakeIo()
    await run(asked, words)
    expect(words.printed()).toMatch(/\n {2}like\n {4}011 {2}0\.\d\d {2}밭에서 벼 재배\n/)
    const json = fakeIo()
    await run([...asked, '--json'], json)
    expect(JSON.parse(json.printed()).explanation.examples).toMatchObject([
      { code: '011', text: '밭에서 벼 재배' },
    ])
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
      ['3', 'b', 'unusable', 'empty-text'],
      ['4', 'c', 'unusable', 'too-few-fields'],
      ['5', 'd', 'coded', ''],
      ['6', 'e', 'unusable', 'no-letters'],
    ])
    const [first, , , formula] = table(csv)
    expect(first?.section).toMatch(/^[A-U]$/)
    expect(Number(first?.group_confidence)).toBeGreaterThan(0.2)
    expect(formula?.text).toBe("'=cmd 국수")
  })

  it('writes no cell that a spreadsheet program would run, whatever ids and texts contain', async () => {
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

  it('keeps the id of every row, and other columns where asked', async () => {
    const input = await file(
      'others.csv',
      '번호,사업내용,조사구,status\n007,쌀,가,old\n008,,=1+1,\n009,"국수 ""판매""","다, 라",x\n',
    )
    const args = ['-i', input, '--columns', 'text=사업내용,id=번호', '--keep-columns']
    const rows = table((await predict(args)).out)
    expect(rows.map((row) => [row.id, row.status, row.조사구, row['status (input)']])).toEqual([
      ['007', 'coded', '가', 'old'],
      ['008', 'unusable', "'=1+1", ''],
      ['009', 'coded', '다, 라', 'x'],
    ])
    const json = (await predict([...args, '--json'])).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(json[1]).toMatchObject({ id: '008', line: 3, columns: { 조사구: '=1+1', status: '' } })
    expect(Object.keys(table((await predict(args.slice(0, 4))).out)[0] ?? {})).not.toContain('조사구')
  })

  it('reads several files, each as it is written, and names the file of a bad row', async () => {
    const first = await file('first.tsv', 'id\ttext\n1\t쌀\n')
    const second = await file('second.csv', 'text,비고,id\n국수,면,2\n타이어,3\n')
    const args = ['--columns', 'text=text,id=id']
    const { code, out, err } = await predict(['-i', first, second, '--keep-columns', ...args])
    expect([code, err]).toEqual([3, expect.stringContaining(`${second}: `)])
    expect(table(out).map(({ id, status, 비고 }) => [id, status, 비고])).toEqual([
      ['1', 'coded', ''],
      ['2', 'coded', '면'],
      [expect.any(String), 'unusable', ''],
    ])
    const skipped = await predict(['-i', first, '-i', second, '--skip-bad-rows', ...args])
    expect([skipped.code, table(skipped.out).length]).toEqual([0, 3])
    expect(skipped.err).not.toContain('too-few')
  })

  it('codes rows without an id, and takes the empty lines of a spreadsheet for what they are', async () => {
    const input = await file('no-ids.csv', 'id,text\n007,쌀\n,국수 판매\n,\n')
    const { code, out } = await predict(['-i', input])
    expect([code, table(out).map(({ id, line, reason }) => [id, line, reason])]).toEqual([
      0,
      [
        ['007', '2', ''],
        [`${input}:3`, '3', ''],
        [`${input}:4`, '4', 'empty-text'],
      ],
    ])
  })

  it('keeps the ids of a column called id where only the text is named', async () => {
    const input = await file('ids.csv', 'ID,사업내용\n007,쌀\n')
    const named = ['--columns', 'text=사업내용']
    expect(table((await predict(['-i', input, ...named])).out)[0]?.id).toBe('007')
    const without = await file('without-ids.csv', '번호,사업내용\n007,쌀\n')
    expect(table((await predict(['-i', without, ...named])).out)[0]?.id).toBe(`${without}:2`)
    const wrong = await predict(['-i', input, '--columns', 'text=내용'])
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('Correct the name of text')])
  })

  it('ignores labels, in columns that are named and on standard input', async () => {
    const input = await file('labelled.csv', 'Headline,Desk\n쌀,농사\n국수,식당\n')
    const { code, out } = await predict(['-i', input, '--columns', 'text=Headline,label=Desk'])
    expect([code, table(out).map(({ text, status }) => `${text} ${status}`)]).toEqual([
      0,
      ['쌀 coded', '국수 coded'],
    ])
    const both = await file('both.csv', 'text,code,label\n쌀,011,농사\n')
    expect((await predict(['-i', both])).code).toBe(0)
    const piped = await predict(['-i', '-'], fakeIo({ input: [Buffer.from('쌀\t농사\n국수\t식당\n')] }))
    expect([piped.code, table(piped.out).map(({ status }) => status)]).toEqual([0, ['coded', 'coded']])
    const wrong = await predict(['-i', input, '--columns', 'text=Headline,topic=Desk'])
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("received 'topic'")])
  })

  it('codes no row of its own output that it could not read, in CSV and workbooks', async () => {
    const input = await file('unreadable.csv', 'id,text\n1,쌀\n2,"국수" 판매\n3,타이어,오일\n')
    for (const ending of ['csv', 'xlsx']) {
      const output = join(folder, `unreadable-coded.${ending}`)
      expect((await predict(['-i', input, '-o', output])).code).toBe(3)
      const { code, out } = await predict(['-i', output])
      expect([code, table(out).map(({ id, status }) => [id, status])]).toEqual([
        0,
        [
          ['1', 'coded'],
          ['2', 'unusable'],
          ['3', 'unusable'],
        ],
      ])
    }
  })

  it('says how a file of one text a line is read', async () => {
    const input = await file('lines.txt', '쌀\n국수 판매\n')
    const { code, err } = await predict(['-i', input])
    expect([code, err]).toEqual([1, expect.stringContaining('--format lines')])
  })

  it.each(['csv', 'jsonl'])(
    'reads its own %s without options, to predict and to evaluate',
    async (ending) => {
      const texts = ['쌀', '국수 판매', '=타이어', '???', '자동차, 오일']
      const input = await file('texts.txt', `${texts.join('\n')}\n`)
      const once = join(folder, `once.${ending}`)
      await predict(['-i', input, '--format', 'lines', '-o', once, ...(ending === 'csv' ? ['--bom'] : [])])
      const { code, err } = await predict(['-i', once, '--csv'])
      expect([code, err]).toEqual([0, expect.stringContaining('5 rows: 4 coded')])
      const [before, after] = await Promise.all(
        [
          ['-i', input, '--format', 'lines'],
          ['-i', once],
        ].map(async (from) => table((await predict([...from, '--csv'])).out)),
      )
      const told = (rows: Record<string, string>[] | undefined) =>
        rows?.map(({ id, status, group, text }) => ({ id, status, group, text }))
      expect(told(after)).toEqual(told(before))
      const io = fakeIo()
      expect(await run(['evaluate', once, '--model', model, '--json'], io)).toBe(0)
      expect(JSON.parse(io.printed()).levels.group).toMatchObject({ rows: 4, accuracy: 1 })
      expect(io.told()).toContain(`once.${ending}: section, division, group have answers of kic predict`)
    },
  )

  it('warns if a text is the name of a file', async () => {
    const input = await file('given.csv', 'id,text\n1,쌀\n')
    const { code, err } = await predict([input])
    expect([code, err]).toEqual([0, expect.stringContaining(`Code its rows with --input ${input}.`)])
    expect((await predict(['쌀'])).err).not.toContain('is a file')
    expect((await predict(['-i', input])).err).toContain('1 row: ')
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
      '--review-below 1 codes 80.0 % automatically; accuracy on these 40 rows: section 100.0 %',
    )
    expect((await predict(['쌀', '--expected-accuracy', '0.9'])).err).toContain('--review-below 0.5')
    const { code, err: refused } = await predict(['쌀', '--expected-accuracy', '0.95'])
    expect([code, refused]).toEqual([1, expect.stringContaining('cli/expected-accuracy')])
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
    expect(err).toMatch(/\d+ rows are finished and kept in .*half\.csv\.partial\nerror: .*gzip/s)
    await expect(stat(output)).rejects.toThrow('ENOENT')
    const done = table(await readFile(`${output}.partial`, 'utf8'))
    expect(done.length).toBeGreaterThan(2000)
    expect(done.at(-1)?.text).toBe(`쌀 국수 ${done.length - 1}`)
    expect(err).toContain(`${done.length} rows are finished`)
  })

  it('leaves nothing where nothing was done', async () => {
    const [input, output] = [await file('header.csv', 'id,text\n'), join(folder, 'header.out.csv')]
    const { code, err } = await predict(['-i', input, '-o', output])
    expect([code, err]).toEqual([1, expect.stringContaining('data/empty-file')])
    expect(err).not.toContain('kept')
    for (const path of [output, `${output}.partial`]) await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  it('reports a line of 100 MB without holding it, and continues', async () => {
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
    const both = await predict(['쌀', '-i', 'x'])
    expect(both).toMatchObject({
      code: 2,
      err: expect.stringContaining('Use either texts or --input, not both.'),
    })
    expect((await predict(['쌀', '--review-below', '2'])).code).toBe(2)
  })

  it('refuses options that would have no effect, and shares that ask for nothing or for certainty', async () => {
    const input = await file('effects.csv', 'id,text,note\n1,쌀,=x\n')
    for (const [args, why] of [
      [['쌀', '--bom'], '--bom is for CSV, and the output is text for people'],
      [['쌀', '--bom', '--json'], '--bom is for CSV, and the output is JSON'],
      [['-i', input, '--bom', '--json'], '--bom is for CSV'],
      [['-i', input, '--bom', '-o', join(folder, 'effects.jsonl')], '--bom is for CSV'],
      [['쌀', '--keep-columns'], '--keep-columns: about files, received texts as arguments'],
      [['쌀', '--columns', 'text=a', '--encoding', 'cp949'], '--encoding, --columns: about files'],
      [['쌀', '--format', 'lines'], '--format: about files'],
      [['쌀', '--skip-bad-rows'], '--skip-bad-rows: about files'],
      [['쌀', '--cut-codes'], '--cut-codes: about files'],
      [['--keep-columns'], '--keep-columns: about files with columns, but each line'],
      [['-i', input, '--format', 'lines', '--columns', 'text=text'], '--columns: about files with columns'],
      [['쌀', '--target-accuracy', '0'], 'It must be above 0 and below 1'],
      [['쌀', '--target-accuracy', '1'], 'It must be above 0 and below 1'],
      [['쌀', '--target-accuracy', '0.9', '--confidence', '1'], 'It must be above 0 and below 1'],
      [['쌀', '--coverage', '0'], '--coverage must be above 0'],
    ] as const) {
      const { code, err } = await predict([...args])
      expect([args, code, err]).toEqual([args, 2, expect.stringContaining(why)])
    }
    for (const args of [
      ['쌀', '--bom', '--csv'],
      ['-i', input, '--keep-columns', '--bom'],
    ])
      expect([args, (await predict(args)).code]).toEqual([args, 0])
  })

  it('keeps columns of its own output as they were, however often they are written', async () => {
    const input = await file('noted.csv', 'id,text,note\n1,쌀,=x\n')
    const [once, twice] = [join(folder, 'once.csv'), join(folder, 'twice.csv')]
    await predict(['-i', input, '--keep-columns', '-o', once])
    await predict(['-i', once, '--keep-columns', '-o', twice])
    const notes = async (path: string) => table(await readFile(path, 'utf8')).map(({ note }) => note)
    expect([await notes(once), await notes(twice)]).toEqual([["'=x"], ["'=x"]])
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
