import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCodedTree } from '../__fixtures__/coded-tree.ts'
import { codesOf } from '../codes-of.ts'
import { translateLabels } from '../correspondence.ts'
import { ksic10 } from '../ksic/ksic10.ts'
import { labelsOf } from '../labels-of.ts'
import { finestLevel } from '../level-names.ts'
import { parseClassification } from './parse-classification.ts'
import { parseCorrespondence } from './parse-correspondence.ts'

const { classification: revised } = parseClassification(
  [['code', 'name'], ...['A', '01', '011', '019', 'Z', '99', '991'].map((code) => [code, `class ${code}`])],
  { name: 'revised' },
)
const header = ['Old code', 'Old title', 'New code', 'New title']
const row = (from: string, to: string): string[] => [from, '', to, '']

describe('parseCorrespondence', () => {
  it('reads pairs many to many, and what has no counterpart', () => {
    const { correspondence, unpaired, restored } = parseCorrespondence(
      [header, row('011', '011'), row('011*', '019*'), row('12', '011'), row('013', ''), row('', '991')],
      ksic10,
      revised,
      'group',
    )
    expect(translateLabels(correspondence, { group: '011' })).toMatchObject({ kind: 'several' })
    expect(translateLabels(correspondence, labelsOf(ksic10, 'group', '012'))).toEqual({
      kind: 'one',
      labels: { section: 'A', division: '01', group: '011' },
    })
    expect(translateLabels(correspondence, { group: '013' })).toEqual({ kind: 'none' })
    expect(restored).toEqual([{ line: 4, cell: '12', code: '012' }])
    expect(unpaired.from).toHaveLength(codesOf(ksic10, 'group').length - 2)
    expect(unpaired.to).toEqual(['991'])
  })

  it('reads any pairs of any two trees, and says whose codes none has', () => {
    fc.assert(
      fc.property(anyCodedTree, anyCodedTree, fc.infiniteStream(fc.nat()), (from, to, stream) => {
        const level = finestLevel(from)
        if (finestLevel(to) !== level) return
        const [olds, news] = [codesOf(from, level), codesOf(to, level)]
        const some = (codes: readonly string[]): string =>
          codes[Number(stream.next().value) % codes.length] ?? ''
        const pairs = Array.from({ length: 1 + (Number(stream.next().value) % 20) }, () => [
          some(olds),
          some(news),
        ])
        const { correspondence, unpaired } = parseCorrespondence([['from', 'to'], ...pairs], from, to, level)
        for (const old of olds)
          expect(correspondence.codes.get(old) ?? []).toEqual([
            ...new Set(pairs.filter(([one]) => one === old).map(([, other]) => other)),
          ])
        expect(unpaired.from).toEqual(olds.filter((old) => !pairs.some(([one]) => one === old)))
        expect(unpaired.to).toEqual(news.filter((code) => !pairs.some(([, other]) => other === code)))
      }),
    )
  })

  it('cuts codes of a finer level where asked, unless a lost zero leaves two readings', () => {
    const table = [header, row('01110', '01110'), row('01120', '01930'), row('3341', '99100')]
    const cut = { finerCodes: 'cut' } as const
    const { correspondence } = parseCorrespondence(table, ksic10, revised, 'group', cut)
    expect([...correspondence.codes]).toEqual([
      ['011', ['011', '019']],
      ['334', ['991']],
    ])
    const refused = (rows: string[][], options: object, code: string, message: RegExp) =>
      expect(() => parseCorrespondence([header, ...rows], ksic10, revised, 'group', options)).toThrow(
        expect.objectContaining({ code: `classification/${code}`, message: expect.stringMatching(message) }),
      )
    refused(
      [row('01110', '011')],
      {},
      'bad-correspondence',
      /'01110' in line 2\. .*cut by the option finerCodes/,
    )
    refused(
      [row('1110', '011'), row('33411', '991')],
      cut,
      'lost-zeros',
      /'1110', which may be '01110', in line 2/,
    )
    refused(
      [row('999', '011')],
      cut,
      'bad-correspondence',
      /a group of KSIC rev\. 10, received '999' in line 2/,
    )
    refused([row('011', '012')], {}, 'bad-correspondence', /a group of revised, received '012'/)
    refused([row('011', '')], {}, 'bad-correspondence', /must be pairs of codes/)
  })

  it('finds the columns by their words or by name, or says that it cannot', () => {
    const rows = [
      ['Reference', 'NACE2code', 'detail', 'ISIC4code'],
      ['x', '011', 'y', '991'],
    ]
    const parsed = parseCorrespondence(rows, ksic10, revised, 'group')
    expect([...parsed.correspondence.codes]).toEqual([['011', ['991']]])
    const columns = { from: 'ISIC4CODE', to: 'nace2code ' }
    const back = parseCorrespondence(rows, revised, ksic10, 'group', { columns })
    expect([...back.correspondence.codes]).toEqual([['991', ['011']]])
    for (const options of [{}, { columns: { from: 'old', to: 'new' } }])
      expect(() =>
        parseCorrespondence(
          [
            ['a', 'b'],
            ['011', '991'],
          ],
          ksic10,
          revised,
          'group',
          options,
        ),
      ).toThrow(expect.objectContaining({ code: 'classification/header' }))
    expect(() => parseCorrespondence(rows, ksic10, revised, 'class')).toThrow(
      expect.objectContaining({ code: 'classification/unknown-level' }),
    )
  })
})
