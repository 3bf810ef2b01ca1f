import { createClassification } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { describe, expect, it } from 'vitest'
import { competitionLayout, textCodeLayout } from './layout.ts'
import { createRowParser, isReject } from './parse-row.ts'
import { namedColumnsLayout } from './sniff-layout.ts'

const competition = createRowParser(competitionLayout, ksic10, 'train.txt')
const parse = (raw: string) => competition(raw.split('|'), 7, raw)

describe('a row in the competition format', () => {
  it('joins the fields and restores the zeros', () => {
    expect(parse('id_0000001|A|1|11| 논에서|벼  재배|쌀 ')).toEqual({
      id: 'id_0000001',
      line: 7,
      text: '논에서 벼 재배 쌀',
      fields: { object: ' 논에서', method: '벼  재배', deal: '쌀 ' },
      labels: { section: 'A', division: '01', group: '011' },
    })
  })

  it.each([
    ['C|11|111', { section: 'C', division: '11', group: '111' }],
    ['C|10|107', { section: 'C', division: '10', group: '107' }],
    ['B|8|80', { section: 'B', division: '08', group: '080' }],
    [' A | 02 | 020 ', { section: 'A', division: '02', group: '020' }],
  ])('reads the labels %s', (cells, labels) => {
    expect(parse(`id_1|${cells}|a|b|c`)).toMatchObject({ labels })
  })

  it('leaves out missing fields', () => {
    expect(parse('id_1|||||세탁소|')).toMatchObject({ text: '세탁소' })
    expect(parse('id_1||||커피숍||커피')).toMatchObject({ text: '커피숍 커피' })
    expect(parse('id_1||||\u3000커피\u00a0숍\t||')).toMatchObject({ text: '커피 숍' })
  })

  it('has no labels if the file has none', () => {
    expect(parse('id_1||||세탁소||')).not.toHaveProperty('labels')
  })

  it.each([
    ['too-few-fields', 'id_1|A|1|11|벼|재배'],
    ['too-many-fields', 'id_1|A|1|11|벼|재배|쌀|현미'],
    ['missing-id', ' |A|1|11|벼|재배|쌀'],
    ['empty-text', 'id_1|A|1|11| |\u3000|'],
    ['unknown-label', 'id_1|X|1|11|벼|재배|쌀'],
    ['unknown-label', 'id_1|A|4|11|벼|재배|쌀'],
    ['unknown-label', 'id_1|A|1|19|벼|재배|쌀'],
    ['unknown-label', 'id_1|A|1|11.0|벼|재배|쌀'],
    ['incomplete-labels', 'id_1|A|1||벼|재배|쌀'],
    ['incomplete-labels', 'id_1||1|11|벼|재배|쌀'],
    ['contradictory-labels', 'id_1|A|2|11|벼|재배|쌀'],
    ['contradictory-labels', 'id_1|C|1|11|벼|재배|쌀'],
  ])('is rejected as %s: %s', (reason, raw) => {
    expect(parse(raw)).toMatchObject({ line: 7, reason, excerpt: raw })
  })

  it('is named by file and line if an empty id is accepted', () => {
    const lenient = createRowParser(competitionLayout, ksic10, 'train.txt', 'none', { missingIds: 'accept' })
    const read = (raw: string) => lenient(raw.split('|'), 7, raw)
    expect(read(' |A|1|11|벼|재배|쌀')).toMatchObject({ id: 'train.txt:7', text: '벼 재배 쌀' })
    expect(read('||||||')).toMatchObject({ id: 'train.txt:7', reason: 'empty-text' })
  })

  it('reports the received cells', () => {
    expect(parse('id_1|A|2|11|벼|재배|쌀')).toMatchObject({
      message: 'group 011 belongs to division 01, received division 02. Correct one of them.',
    })
    expect(parse('id_1|A|1')).toMatchObject({
      message: 'the competition format has 7 fields per row, received 3. Correct the row.',
    })
  })

  it('keeps the excerpt short and free of control characters', () => {
    const result = parse(`id_1|A|\u001b[31m${'가'.repeat(500)}`)
    expect(isReject(result) && result.excerpt).toBe(`id_1|A|\\x1b[31m${'가'.repeat(68)}…`)
  })

  it('caches valid labels without mixing up rows', () => {
    expect(parse('a|A|1|11|벼||')).toMatchObject({ labels: { group: '011' } })
    expect(parse('b|A|1|12|소||')).toMatchObject({ labels: { group: '012' } })
    expect(parse('c|A|1|11|벼||')).toMatchObject({ labels: { group: '011' } })
  })
})

describe('a row of text and code', () => {
  const textCode = createRowParser(textCodeLayout, ksic10, 'terms.txt')
  it.each([
    ['011', { section: 'A', division: '01', group: '011' }],
    ['11', { section: 'C', division: '11' }],
    ['C', { section: 'C' }],
  ])('takes the code %s as written', (code, labels) => {
    expect(textCode(['쌀', code], 3, '')).toEqual({ id: 'terms.txt:3', line: 3, text: '쌀', labels })
  })

  it('is unlabelled without a code, and rejected with a wrong one', () => {
    expect(textCode(['쌀', ' '], 3, '')).toEqual({ id: 'terms.txt:3', line: 3, text: '쌀' })
    expect(textCode(['쌀', '999'], 3, '')).toMatchObject({ reason: 'unknown-label' })
  })
})

describe('a row with named columns', () => {
  it('needs only the finest level, whose zeros are restored', () => {
    const layout = namedColumnsLayout('group\ttext', ksic10)
    const parser = layout && createRowParser(layout, ksic10, 'x.tsv')
    expect(parser?.(['11', '쌀'], 2, '')).toMatchObject({
      labels: { section: 'A', division: '01', group: '011' },
    })
  })
})

it('refuses a layout with more levels than the classification', () => {
  const flat = createClassification('flat', [{ name: 'kind', nodes: [{ code: 'a', name: '' }] }])
  expect(() => createRowParser(competitionLayout, flat, 'x')).toThrow(
    expect.objectContaining({ code: 'data/unknown-level' }),
  )
})
