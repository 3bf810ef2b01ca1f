import { expect, it } from 'vitest'
import { codesOf } from '../codes-of.ts'
import { labelsOf } from '../labels-of.ts'
import { parseClassification } from '../table/parse-classification.ts'
import { ksicTableWords } from './ksic-table-words.ts'

it('tells the columns of a workbook with two rows of header and merged cells', () => {
  const rows = [
    ['한국표준산업분류'],
    ['대분류(21)', '', '중분류(77)', '', '소분류(232)', ''],
    ['코드', '항목명', '코드', '항목명', '코드', '항목명'],
    ['A', '농업, 임업 및 어업', '1', '농업', '11', '작물 재배업'],
    ['', '', '', '', '12', '축산업'],
    ['C', '제조업', '10', '식료품 제조업', '101', '도축, 육류 가공 및 저장 처리업'],
  ]
  const options = { words: ksicTableWords, levels: ['section', 'division', 'group'] }
  const { classification, restored } = parseClassification(rows, options)
  expect(codesOf(classification, 'group')).toEqual(['011', '012', '101'])
  expect(labelsOf(classification, 'group', '012')).toEqual({ section: 'A', division: '01', group: '012' })
  expect(restored).toContainEqual({ line: 5, cell: '12', code: '012' })
})

it('tells those of a list', () => {
  const rows = [
    ['분류코드', '분류명', '상위코드'],
    ['A', '농업, 임업 및 어업', ''],
    ['01', '농업', 'A'],
  ]
  const { classification } = parseClassification(rows, { words: ksicTableWords })
  expect(labelsOf(classification, 'division', '01')).toEqual({ section: 'A', division: '01' })
})
