import { execFileSync } from 'node:child_process'
import { cp, link, lstat, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openXlsxWriter, readRowBlocks } from '@kic/data/node'
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

describe('the output of kic predict', () => {
  it('writes by the ending of the output, and nothing that the ending does not promise', async () => {
    const lines = join(folder, 'coded.jsonl')
    expect((await predict(['쌀', '-o', lines])).code).toBe(0)
    expect(JSON.parse(await readFile(lines, 'utf8'))).toMatchObject({ status: 'coded', text: '쌀' })
    for (const name of ['coded.xls', 'coded.csv.gz', 'coded.parquet']) {
      const { code, err } = await predict(['쌀', '-o', join(folder, name)])
      expect([code, err]).toEqual([2, expect.stringContaining('must end in .csv, .jsonl or .xlsx')])
    }
    expect((await predict(['쌀', '-o', join(folder, 'coded.xlsx'), '--json'])).code).toBe(2)
  })

  it('reads and writes workbooks with the same answers as CSV; codes stay text, and nothing in them runs', async () => {
    const rows = [
      ['007', '쌀', '0015', '=1+1'],
      ['008', '=HYPERLINK("x";"국수")', '+82', '-1'],
      ['009', '', '@x', '\t=2'],
    ]
    const input = join(folder, 'answers.xlsx')
    const sheet = await openXlsxWriter(input, { columns: ['번호', '사업내용', '조사구', '비고'] })
    await sheet.write(rows)
    await sheet.finish()
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
    const lines = rows.map((row) => row.map(cell).join(','))
    const twin = await file('answers-twin.csv', `번호,사업내용,조사구,비고\n${lines.join('\n')}\n`)
    const args = ['--columns', 'text=사업내용,id=번호', '--keep-columns']
    const output = join(folder, 'coded.xlsx')
    expect((await predict(['-i', input, '-o', output, ...args])).code).toBe(0)
    const found: (string | undefined)[][] = []
    const columns = { id: 'id', text: 'text' }
    for await (const { rows: read, rejects } of readRowBlocks(output, {
      columns,
      others: 'keep',
      rejects: 'collect',
    })) {
      for (const { id, others } of [...read, ...rejects])
        found.push([id, others?.조사구, others?.비고, others?.division, others?.group])
    }
    const told = (out: string) =>
      out
        .trim()
        .split('\n')
        .map((line) => ({ ...JSON.parse(line), line: 0 }))
    const fromSheet = told((await predict(['-i', input, ...args, '--json'])).out)
    const fromCsv = told((await predict(['-i', twin, ...args, '--json'])).out)
    expect(fromSheet).toEqual(fromCsv)
    const again = told((await predict(['-i', output, '--json'])).out)
    expect(again.map(({ codes }) => codes?.group)).toEqual(fromCsv.map(({ codes }) => codes?.group))
    expect(found).toEqual(
      rows.map(([id, , block, note], i) => {
        const { division, group } = fromCsv[i]?.codes ?? {}
        return [id, block, note, division?.code ?? '', group?.code ?? '']
      }),
    )
  })

  it('writes cp949 where it holds every row, and says at the start where it does not', async () => {
    const held = await file('held.csv', 'id,text\n1,쌀\n2,\u1100\u116e\u11a8\u1109\u116e 판매\n')
    const output = join(folder, 'cp949.csv')
    expect((await predict(['-i', held, '-o', output, '--output-encoding', 'cp949'])).code).toBe(0)
    const bytes = await readFile(output)
    expect(new TextDecoder('euc-kr', { fatal: true }).decode(bytes)).toContain('국수 판매')
    const input = await file('unheld.csv', 'id,text\n1,쌀\n2,국수･판매 😀\n')
    const args = ['-i', input, '-o', join(folder, 'unheld-coded.csv'), '--output-encoding', 'cp949']
    const { code, err } = await predict(args)
    expect([code, err]).toEqual([1, expect.stringMatching(/received '.' in line 3 \(id 2\)/u)])
    await expect(stat(join(folder, 'unheld-coded.csv.partial'))).rejects.toThrow('ENOENT')
    for (const wrong of [['-o', join(folder, 'a.xlsx')], ['--json'], ['-o', output, '--bom']])
      expect((await predict(['-i', held, '--output-encoding', 'cp949', ...wrong])).code).toBe(2)
  })

  it('checks its way out before it computes', async () => {
    const input = await file('way.csv', 'id,text\n1,쌀\n')
    for (const output of [folder, join(input, 'coded.csv'), input]) {
      const { code, err } = await predict(['-i', input, '-o', output])
      expect([code, err]).toEqual([1, expect.stringMatching(/^error: kic predict: .*core\/output\)\n$/)])
    }
    expect(await readFile(input, 'utf8')).toContain('쌀')
    const late = join(folder, 'late', 'coded.csv')
    const missing = await predict(['-i', input, join(folder, 'none.csv'), '-o', late])
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('data/missing-file')])
    await expect(stat(join(folder, 'late'))).rejects.toThrow('ENOENT')
  })

  it.runIf(process.platform !== 'win32').each(['csv', 'xlsx'])(
    'keeps links, pipes and inputs when it writes .%s',
    async (ending) => {
      const at = await mkdtemp(join(folder, 'ways-'))
      const named = (name: string): string => join(at, `${name}.${ending}`)
      const input = await file('ways.csv', 'id,text\n1,쌀\n')
      await symlink(`target.${ending}`, named('link'))
      for (const what of ['a dangling link', 'a link to a file']) {
        expect((await predict(['-i', input, '-o', named('link')])).code, what).toBe(0)
        expect(await readlink(named('link')), what).toBe(`target.${ending}`)
        expect((await lstat(named('target'))).isFile(), what).toBe(true)
      }
      execFileSync('mkfifo', [named('pipe')])
      const refused = await predict(['-i', input, '-o', named('pipe')])
      expect([refused.code, refused.err]).toEqual([
        1,
        expect.stringMatching(/is a device, .* leave the output/),
      ])
      expect((await lstat(named('pipe'))).isFIFO()).toBe(true)

      await cp(input, `${named('rows')}.partial`)
      await link(`${named('rows')}.partial`, named('hard'))
      await symlink(`rows.${ending}.partial`, named('soft'))
      for (const output of ['rows', 'hard', 'soft'].map(named)) {
        const { code, err } = await predict(['-i', `${named('rows')}.partial`, '-o', output])
        expect([code, err]).toEqual([1, expect.stringContaining('it is also an input, which would be lost')])
      }
      expect(await readFile(`${named('rows')}.partial`, 'utf8')).toContain('쌀')
    },
  )

  it.runIf(process.platform !== 'win32')('does not write the record over the answers', async () => {
    const input = await file('recorded.csv', 'id,text\n1,쌀\n')
    await symlink('recorded.out.csv', join(folder, 'recorded.json'))
    const args = [
      '-i',
      input,
      '-o',
      join(folder, 'recorded.out.csv'),
      '--record',
      join(folder, 'recorded.json'),
    ]
    const { code, err } = await predict(args)
    expect([code, err]).toEqual([2, expect.stringContaining('--record and --output must be two files.')])
  })
})
