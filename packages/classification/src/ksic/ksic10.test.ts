import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { codesOf, nodeOf } from '../codes-of.ts'
import { parentOf } from '../labels-of.ts'
import { ksic10, ksic10AbsentGroups, ksic10Occurring } from './ksic10.ts'

const sizes = (classification: typeof ksic10) => classification.levels.map((level) => level.nodes.length)

it('has 21 sections, 77 divisions and 232 groups, of which 19, 74 and 225 occur', () => {
  expect(sizes(ksic10)).toEqual([21, 77, 232])
  expect(sizes(ksic10Occurring)).toEqual([19, 74, 225])
  expect(codesOf(ksic10Occurring, 'section').join('')).toBe('ABCDEFGHIJKLMNOPQRS')
  for (const group of ksic10AbsentGroups) {
    expect(nodeOf(ksic10, 'group', group)).toBeDefined()
    expect(nodeOf(ksic10Occurring, 'group', group)).toBeUndefined()
  }
})

it('nests by prefix and is sorted, as the classification is', () => {
  for (const level of ['section', 'division', 'group'])
    expect(codesOf(ksic10, level)).toEqual([...codesOf(ksic10, level)].sort())
  for (const group of codesOf(ksic10, 'group'))
    expect(parentOf(ksic10, 'group', group)).toBe(group.slice(0, 2))
})

it('names every class in Korean, and every section in English too', () => {
  for (const level of ksic10.levels)
    for (const node of level.nodes) {
      expect(node.name).toMatch(/[가-힣]/)
      expect(node.name).toBe(node.name.trim().normalize('NFC'))
    }
  for (const node of ksic10.levels[0]?.nodes ?? []) expect(node.english).toMatch(/^[A-Z][a-z]/)
})

it('agrees with the official table, where that is at hand', () => {
  const table = new URL('../../../../../shared/data/ksic/ksic10-tree.tsv', import.meta.url)
  if (!existsSync(table)) {
    console.info('ksic10-tree.tsv is not at hand: only the shape of the table was tested')
    return
  }
  const official = readFileSync(table, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
  expect(official).toHaveLength(330)
  const levels = ['section', 'division', 'group']
  const written = ksic10.levels.flatMap((level, i) =>
    level.nodes.map((node) => [node.code, String(i + 1), node.parent ?? '', node.name]),
  )
  const byCode = (a: string[], b: string[]) =>
    Number(a[1]) - Number(b[1]) || ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)
  expect(written.sort(byCode)).toEqual(official.sort(byCode))
  expect(levels.map((level) => codesOf(ksic10, level).length)).toEqual([21, 77, 232])
})
