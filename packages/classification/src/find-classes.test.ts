import { describe, expect, it } from 'vitest'
import { findClasses } from './find-classes.ts'
import { ksic10 } from './ksic.ts'

const codes = (query: string, level?: string): readonly string[] =>
  findClasses(ksic10, query, level).map(({ code }) => code)

describe('findClasses', () => {
  it('finds codes: the exact one first, then those that start with it', () => {
    expect(codes('95')).toEqual(['95', '951', '952', '953'])
    expect(codes(' s ')[0]).toBe('S')
    expect(findClasses(ksic10, '952')[0]).toMatchObject({
      level: 'group',
      labels: { section: 'S', division: '95', group: '952' },
    })
  })

  it('finds names by all words of the query, in Korean and English, however composed', () => {
    expect(codes('철물 도매')).toEqual(['466'])
    expect(codes('도매 철물'.normalize('NFD'))).toEqual(['466'])
    expect(codes('EDUCATION')).toContain('P')
    expect(codes('없는업종이름')).toEqual([])
  })

  it('searches one level only if asked to', () => {
    expect(new Set(findClasses(ksic10, '수리', 'division').map(({ level }) => level))).toEqual(
      new Set(['division']),
    )
    expect(codes('95', 'section')).toEqual([])
    expect(() => codes('95', 'village')).toThrowError(
      expect.objectContaining({ code: 'classification/unknown-level' }),
    )
  })

  it('finds every class for an empty query', () => {
    expect(codes('')).toHaveLength(ksic10.levels.reduce((sum, { nodes }) => sum + nodes.length, 0))
    expect(codes('', 'section')).toHaveLength(21)
  })
})
