import { flatClassification } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { defaultPreparation } from '@kic/data/prepare'
import type { Prediction, PredictorInfo } from '@kic/predictor'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { alternatives, type CodedRow, codedCsv, rowCodes, rowStatus } from './coded-row.ts'
import { decodeText } from './decode-text.ts'
import { messagesFor } from './messages.ts'
import { parseTable, rowText, textColumns } from './table.ts'

const TEXT = '식당에서,한식,판매\n부동산,임대,관리\n'

describe('decodeText', () => {
  it.each(['utf-8', 'cp949'] as const)('recognises %s', (encoding) => {
    expect(decodeText(iconv.encode(TEXT, encoding))).toEqual({ text: TEXT, encoding })
  })

  it('refuses binary files', () => {
    expect(decodeText(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0))).toBeUndefined()
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0xfd, 0x80))).toBeUndefined()
  })
})

describe('parseTable', () => {
  it("reads the competition's rows, which have no header and no quotes", () => {
    const table = parseTable(
      'id_1|S|95|952|카센터에서|자동차 "수리"|타이어\r\nid_2|I|56|561|식당에서|한식|\r\n',
    )
    expect(table.rows.length).toBe(2)
    expect(textColumns(table, /[가-힣]/g)).toEqual([4, 5, 6])
    expect(rowText(table.rows[0] ?? [], [4, 5, 6])).toBe('카센터에서 자동차 "수리" 타이어')
  })

  it('reads CSV with a header, quotes, and line ends inside of quotes', () => {
    const table = parseTable('\uFEFF번호,내용\n1,"식당, ""한식""\n판매"\n')
    expect(table).toMatchObject({ columns: ['번호', '내용'], rows: [['1', '식당, "한식"\n판매']] })
  })

  it('reads plain lines', () => {
    expect(parseTable('카페 운영\n미용실 운영\n').rows).toEqual([['카페 운영'], ['미용실 운영']])
  })

  it('loses no row and never hangs, for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[가-힣a-z ]{1,8}$/), { minLength: 1 }), (cells) => {
        const filled = cells.map((cell) => `x${cell}`)
        const { rows } = parseTable(filled.join('\n'))
        expect(rows.map(([cell]) => cell)).toEqual(filled)
      }),
    )
  })
})

const coded = (code: string, confidence: number): Prediction => ({
  status: 'coded',
  text: '한식',
  codes: {
    section: { code: 'I', name: '숙박 및 음식점업', confidence },
    division: { code: '56', name: '음식점 및 주점업', confidence },
    group: { code, name: '음식점업', confidence },
  },
  confidence,
  top: [],
  truncated: false,
})
const levels = ['section', 'division', 'group']
const ksic = { levels, classification: ksic10 }

describe('coded rows', () => {
  it('are below or above the threshold until a person decides', () => {
    const row: CodedRow = { cells: [], prediction: coded('561', 0.4) }
    expect(rowStatus(row, 0.5)).toBe('review')
    expect(rowStatus(row, 0.3)).toBe('automatic')
    expect(rowStatus({ ...row, chosen: '952' }, 0.5)).toBe('person')
    expect(rowStatus({ cells: [], prediction: { status: 'unusable', text: '', reason: 'empty' } }, 0)).toBe(
      'unusable',
    )
    expect(rowCodes({ ...row, chosen: '952' }, ksic).map(({ code }) => code)).toEqual(['S', '95', '952'])
  })

  it('have alternatives to the answer, be it the most probable class or not', () => {
    const candidate = (code: string) => ({ code, name: code, confidence: 0.3, labels: {} })
    const answer = coded('561', 0.3)
    if (answer.status === 'unusable') throw new Error('it has codes')
    for (const top of [
      ['561', '471', '952'],
      ['471', '561', '952'],
    ]) {
      const found = alternatives({ ...answer, top: top.map(candidate) }, levels)
      expect(found.map(({ code }) => code)).toEqual(['471', '952'])
    }
  })

  it('are written without formulas', () => {
    const cells = ['=1+1', '+1', '-1', '@x', '\t=1', 'a,"b"']
    const csv = codedCsv(
      ['a', 'b', 'c', 'd', 'e', 'f'],
      [{ cells, prediction: coded('561', 0.9) }],
      ksic,
      0.5,
    )
    const [, line = ''] = csv.split('\r\n')
    expect(line.startsWith(`'=1+1,'+1,`)).toBe(true)
    expect(line).toContain('"a,""b"""')
    expect(line).not.toMatch(/(^|,)"?[=+@]/)
    expect(line.endsWith('I,숙박 및 음식점업,56,음식점 및 주점업,561,음식점업,0.9000,automatic')).toBe(true)
    expect(csv.startsWith('\uFEFFa,b')).toBe(true)
  })

  it('are written with sets of codes and novelty as kic predict writes them', () => {
    const [row, doubtful] = [coded('561', 0.9), coded('562', 0.5)]
    if (row.status === 'unusable') throw new Error('it has codes')
    const of = (code: string, confidence: number) => [{ code, name: '', confidence }]
    const sets = {
      section: of('I', 0.9),
      division: of('56', 0.9),
      group: [...of('561', 0.9), ...of('562', 0.06)],
    }
    const novelty = { pValue: 0.004, novel: true }
    const rows = [
      { ...row, sets, novelty },
      doubtful,
      { status: 'unusable', text: '', reason: 'empty' } as const,
    ]
    const csv = codedCsv(
      ['text'],
      rows.map((prediction) => ({ cells: ['한식'], prediction })),
      ksic,
      0.7,
    )
    const [head = '', ...lines] = csv.trim().split('\r\n')
    expect(head.endsWith('status,section_set,division_set,group_set,novelty,novel')).toBe(true)
    expect(lines[0]?.endsWith('automatic,I:0.9000,56:0.9000,561:0.9000 562:0.0600,0.0040,yes')).toBe(true)
    expect(lines[1]?.endsWith('review,,,,,')).toBe(true)
    expect(lines[2]?.endsWith('unusable,,,,,')).toBe(true)
  })
})

describe('labels of one’s own', () => {
  const classification = flatClassification(['politics', 'sport'])
  const own = { levels: ['label'], classification }
  const news: Prediction = {
    status: 'coded',
    text: 'The senate voted',
    codes: { label: { code: 'sport', name: 'sport', confidence: 0.6 } },
    confidence: 0.6,
    top: [],
    truncated: false,
  }

  it('are chosen and written like codes', () => {
    const row: CodedRow = { cells: ['1', 'The senate voted'], prediction: news, chosen: 'politics' }
    expect(rowCodes(row, own)).toEqual([{ code: 'politics', name: 'politics' }])
    const [head, line] = codedCsv(['id', 'text'], [row], own, 0.5).split('\r\n')
    expect(head).toBe('\uFEFFid,text,label,label_name,confidence,status')
    expect(line).toBe('1,The senate voted,politics,politics,0.6000,person')
  })

  it('are quoted in sets as kic predict quotes them', () => {
    const sets = {
      label: [
        { code: 'my account', name: '', confidence: 0.9 },
        { code: 'fees', name: '', confidence: 0.1 },
      ],
    }
    const prediction: Prediction = { ...news, sets, novelty: { pValue: 0.5, novel: false } }
    const [, line] = codedCsv(['text'], [{ cells: ['x'], prediction }], own, 0.5).split('\r\n')
    expect(line).toBe('x,sport,sport,0.6000,automatic,"""my account"":0.9000 fees:0.1000",0.5000,')
  })

  it('have a page without Korean, in any language of the browser', () => {
    const info: PredictorInfo = {
      kind: 'model',
      name: 'news',
      models: [],
      ...own,
      classes: ['politics', 'sport'],
      preparation: defaultPreparation,
      warnings: [],
    }
    const shown = (['ko', 'en'] as const).map((language) => {
      const { letters, expectation, ...texts } = messagesFor(info, language)
      const table = parseTable('id,text,label\na1,The senate voted on a treaty,politics\n')
      expect(textColumns(table, letters)).toEqual([1])
      return JSON.stringify({ ...texts, expectation: expectation('1', '2') })
    })
    for (const text of shown) expect(text).not.toMatch(/[가-힣]|korea|ksic|business|industr/i)
    expect(messagesFor({ ...info, classification: ksic10 }, 'ko').title).toMatch(/[가-힣]/)
  })
})
