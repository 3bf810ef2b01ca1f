import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { loadRows } from '../__fixtures__/ksic-files.ts'
import { plainTextLayout } from './layout.ts'
import { describeReport } from './read-report.ts'

const encodings = ['utf-8', 'cp949', 'utf-16le', 'utf-16be'] as const
type Encoding = (typeof encodings)[number]

const encode = (text: string, encoding: Encoding, mark = false): Uint8Array =>
  iconv.encode(
    text,
    { 'utf-8': 'utf8', cp949: 'cp949', 'utf-16le': 'utf16le', 'utf-16be': 'utf16be' }[encoding],
    {
      addBOM: mark,
    },
  )

/** Syllables whose cp949 bytes are valid UTF-8 as well: Latin letters there. */
const ambiguous = [...'차치카칼커키타탄탈택튀트특티푸풀풍프호홍화환회활킨친침찬'].filter((syllable) => {
  const text = new TextDecoder().decode(encode(syllable, 'cp949'))
  return !text.includes('\ufffd')
})

describe('short cp949', () => {
  it('is Hangul if UTF-8 has only Latin letters', async () => {
    expect(ambiguous.length).toBeGreaterThan(15)
    const word = fc
      .array(fc.constantFrom(...ambiguous), { minLength: 2, maxLength: 4 })
      .map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('\n', '\r\n', ''),
        async (words, end) => {
          const plain = await loadRows(encode(words.join('\n') + end, 'cp949'), { layout: plainTextLayout })
          expect(plain.rows.map(({ text }) => text)).toEqual(words)
          const table = `id,text\n${words.map((text, i) => `${i},${text}`).join('\n')}${end}`
          const { rows, report } = await loadRows(encode(table, 'cp949'))
          expect(rows.map(({ text }) => text)).toEqual(words)
          expect(report).toMatchObject({ encoding: 'cp949', foundBy: 'bytes' })
        },
      ),
    )
  })

  it('may occur beside capitals and digits', async () => {
    const texts = ['TV카', 'PC화환', '3D칼', '카A', '1카']
    const { rows } = await loadRows(encode(`text\n${texts.join('\n')}\n`, 'cp949'))
    expect(rows.map(({ text }) => text)).toEqual(texts)
  })

  it('may be one syllable, and the header', async () => {
    const { rows } = await loadRows(encode('화,차\n1,카\n', 'cp949'), { columns: { text: '차', id: '화' } })
    expect(rows).toMatchObject([{ id: '1', text: '카' }])
  })
})

describe('short UTF-8', () => {
  it.each(['café Müller', 'naïve', '5 m² · 20 °C', 'Ångström', 'CAFÉ', '치킨', '벼 café', '漢'])(
    'stays UTF-8 where that is no Hangul gained: %s',
    async (text) => {
      const { rows } = await loadRows(encode(`text\n${text}\n`, 'utf-8'))
      expect(rows[0]?.text).toBe(text)
    },
  )
})

const tables = fc
  .array(
    fc
      .array(fc.constantFrom('벼', '재배', '가', '갊', '한', ' ', 'a', 'A', '7', 'ㄱ', '·', '카'), {
        minLength: 1,
        maxLength: 9,
      })
      .map((parts) => `논${parts.join('')}`),
    { minLength: 1, maxLength: 20 },
  )
  .map((texts) => ({
    texts,
    table: `번호,내용\r\n${texts.map((text, i) => `${i},${text}`).join('\r\n')}\r\n`,
  }))

describe('UTF-16', () => {
  it('is recognised by its byte order mark or zeros, or given; every encoding has the same rows', async () => {
    const columns = { id: '번호', text: '내용' }
    await fc.assert(
      fc.asyncProperty(
        tables,
        fc.constantFrom(...encodings),
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        async (made, encoding, mark, size) => {
          const expected = (await loadRows(encode(made.table, 'utf-8'), { columns, encoding: 'utf-8' })).rows
          expect(expected).toHaveLength(made.texts.length)
          const bytes = encode(made.table, encoding, mark && encoding !== 'cp949')
          const found = await loadRows(bytes, { columns })
          expect(found.rows).toEqual(expected)
          expect(found.report.encoding).toBe(encoding)
          async function* pieces() {
            for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
          }
          expect((await loadRows(pieces(), { columns })).rows).toEqual(expected)
          const given = await loadRows(bytes, { columns, encoding })
          expect(given.rows).toEqual(expected)
          expect(given.report.foundBy).toBe('option')
        },
      ),
    )
  })

  it('is recognised in a short table of letters and middle dots', async () => {
    const table = '번호,내용\r\n0,논ㄱ·ㄱ벼\r\n1,논··ㆍ…\r\n'
    for (const encoding of ['utf-16le', 'utf-16be'] as const)
      expect(
        (await loadRows(encode(table, encoding), { columns: { id: '번호', text: '내용' } })).report.encoding,
      ).toBe(encoding)
  })

  it('is reported', async () => {
    const { report } = await loadRows(encode('text\n벼\n', 'utf-16be', true), { name: 'a.txt' })
    expect(describeReport(report)).toBe(
      'a.txt: TSV (text), UTF-16 BE (by its byte order mark), 1 rows (0 labelled), none rejected',
    )
  })

  it('that is broken rejects its row', async () => {
    const bytes = Buffer.concat([
      encode('id,text\n1,벼\n2,', 'utf-16le', true),
      Buffer.from([0x00, 0xd8]),
      encode('\n3,소\n4,말', 'utf-16le'),
      Buffer.from([0x41]),
    ])
    const { rows, rejects } = await loadRows(bytes, { rejects: 'collect' })
    expect(rows.map(({ id, text }) => [id, text])).toEqual([
      ['1', '벼'],
      ['3', '소'],
    ])
    expect(rejects).toMatchObject([
      { line: 3, id: '2', reason: 'undecodable', message: expect.stringContaining('must be UTF-16') },
      { line: 5, id: '4', reason: 'undecodable' },
    ])
  })

  it.each([
    ['utf-16le', encode('text\n벼\n', 'utf-8')],
    ['utf-16be', encode('text\n벼\n', 'utf-16le', true)],
    ['utf-8', encode('text\n벼\n', 'utf-16le', true)],
    ['cp949', encode('text\n벼\n', 'utf-8', true)],
    ['cp949', encode('text\n벼\n', 'utf-8')],
  ] as const)('that was given wrongly is said: %s', async (encoding, bytes) => {
    await expect(loadRows(bytes, { encoding })).rejects.toMatchObject({
      code: 'data/wrong-encoding',
      message: expect.stringContaining(`the wrong encoding was given`),
    })
  })

  it('is distinguished from binary files and stray zeros', async () => {
    for (const bytes of [
      Buffer.from('id,text\n1,rice\0\n2,cow!\n'),
      Buffer.concat([encode('id,text\n1,벼 재배를 하는 농가\n', 'cp949'), Buffer.alloc(3)]),
      Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 7) % 251),
    ])
      await expect(loadRows(bytes, { rejects: 'collect' })).rejects.toMatchObject({ code: 'data/not-text' })
  })
})
