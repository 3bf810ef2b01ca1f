import { ksic10 } from '@kic/classification/ksic'
import { describe, expect, it } from 'vitest'
import { answerSheetLayout, competitionLayout, plainTextLayout, textCodeLayout } from './layout.ts'
import { checkHeader, sniffLayout } from './sniff-layout.ts'

const sniff = (line: string) => sniffLayout(line, ksic10, 'a.txt')

describe('sniffLayout', () => {
  it.each([
    ['AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal', competitionLayout],
    ['ai_id| digit_1 |digit_2|digit_3|text_obj|text_mthd|TEXT_DEAL', competitionLayout],
    ['AI_id,digit_1,digit_2,digit_3,text_obj,text_mthd,text_deal', answerSheetLayout],
    ['"AI_id","digit_1","digit_2","digit_3","text_obj","text_mthd","text_deal"', answerSheetLayout],
    ['간장제조\t107', textCodeLayout],
  ])('recognises %s', (line, layout) => {
    expect(sniff(line)).toBe(layout)
  })

  it('reads the names of tab-separated columns', () => {
    expect(sniff('text\tsection\tdivision\tgroup')).toMatchObject({
      delimiter: '\t',
      columns: [
        { holds: 'text' },
        { holds: 'label', depth: 0 },
        { holds: 'label', depth: 1 },
        { holds: 'label', depth: 2 },
      ],
    })
    expect(sniff('id\tGroup\ttext').columns).toEqual([
      { holds: 'id' },
      { holds: 'label', depth: 2 },
      { holds: 'text' },
    ])
    expect(sniff('text\tcode').columns).toEqual([{ holds: 'text' }, { holds: 'code' }])
  })

  it('reads the names of columns between commas and bars, and of the parts of an answer', () => {
    expect(sniff('"id",group,"object",method,deal')).toMatchObject({
      delimiter: ',',
      quoted: true,
      columns: [
        { holds: 'id' },
        { holds: 'label', depth: 2 },
        { holds: 'field', field: 'object' },
        { holds: 'field', field: 'method' },
        { holds: 'field', field: 'deal' },
      ],
    })
    expect(sniff('text|code')).toMatchObject({ delimiter: '|', quoted: false })
    expect(sniff('text_obj|AI_id|digit_1|digit_2|digit_3|text_mthd|text_deal').columns[1]).toEqual({
      holds: 'id',
    })
  })

  it('takes the columns that are named, whatever else there is', () => {
    const layout = sniffLayout('번호,"사업, 내용",비고,소분류', ksic10, 'a.csv', {
      text: '사업, 내용',
      group: '소분류',
    })
    expect(layout).toMatchObject({ name: 'CSV (사업, 내용, 소분류)', delimiter: ',' })
    expect(layout.columns.map((column) => column.holds)).toEqual(['other', 'text', 'other', 'label'])
  })

  it.each([
    [{ text: '내용' }, /must have '내용' once, received 'a, b, b'/],
    [{ text: 'b' }, /must have 'b' once/],
    [{ words: 'a' }, /received 'words'/],
    [{ group: 'a' }, /there must be either text or fields/],
  ])('refuses the columns %j', (names: Record<string, string>, message) => {
    expect(() => sniffLayout('a\tb\tb', ksic10, 'a.tsv', names)).toThrow(message)
  })

  it.each([
    ['data/wrong-header', 'id_0000001|A|1|11|벼|재배|쌀'],
    ['data/wrong-header', 'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd'],
    ['data/wrong-header', 'id,a,b,c,d'],
    ['data/unknown-format', '한 문장.'],
    ['data/unknown-format', ''],
    ['data/unknown-format', 'text\ttext\tgroup'],
    ['data/unknown-format', 'text\tcode\tgroup'],
    ['data/unknown-format', 'a\tb\tc'],
  ])('refuses with %s: %s', (code, line) => {
    expect(() => sniff(line)).toThrow(expect.objectContaining({ code }))
  })
})

describe('checkHeader', () => {
  it('shows what was expected and what was found', () => {
    expect(() => checkHeader(competitionLayout, 'id|text', 'a.txt')).toThrow(
      expect.objectContaining({
        code: 'data/wrong-header',
        message: expect.stringMatching(/a\.txt, line 1.*'AI_id\|digit_1.*received 'id\|text'/),
      }),
    )
  })

  it('asks nothing of layouts without a header', () => {
    expect(() => checkHeader(plainTextLayout, 'whatever', 'a.txt')).not.toThrow()
  })
})
