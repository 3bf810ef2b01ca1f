import type { Row } from '@kic/data'
import { describe, expect, it } from 'vitest'
import { type AugmentOptions, createAugmenter } from './augment-row.ts'
import { answerToRow } from './generator/answer-to-row.ts'
import { generateRows } from './generator/generate-rows.ts'

const rows = Array.from(generateRows({ rows: 1500, seed: 5, minPerGroup: 0 }), (row, i) =>
  answerToRow(row, i),
)
const plain: Row = { id: 'x', line: 1, text: '카센터에서 타이어 교환' }
const augmented = (options: Partial<AugmentOptions>, epoch = 0): Row[] => {
  const augment = createAugmenter({ seed: 1, ...options })
  return rows.map((row) => augment(row, epoch))
}
const parts = ({ fields }: Row): string[] => [fields?.object ?? '', fields?.method ?? '', fields?.deal ?? '']
const changedShare = (list: readonly Row[]): number =>
  list.filter((row, i) => row.text !== rows[i]?.text).length / rows.length

it('is off by default', () => {
  expect(augmented({})).toEqual(rows)
})

it('keeps ids, lines and labels, and never empties a text', () => {
  const all = {
    dropField: 1,
    swapFields: 1,
    dropSpaces: 1,
    typo: 1,
    jamo: 1,
    splitWords: 1,
    drawSpaces: 1,
    dropWord: 1,
    cutShort: 1,
  }
  for (const [i, row] of augmented(all).entries()) {
    expect(row).toMatchObject({ id: rows[i]?.id, line: rows[i]?.line, labels: rows[i]?.labels })
    expect(row.text).toMatch(/\S/)
  }
  expect(createAugmenter({ seed: 1, ...all })({ ...plain, text: '쌀' }, 0).text).toMatch(/\S/)
})

it('depends on seed, epoch and id, not on the order', () => {
  const options = { typo: 0.5, dropField: 0.5 }
  const augment = createAugmenter({ seed: 1, ...options })
  const backwards = [...rows]
    .reverse()
    .map((row) => augment(row, 0))
    .reverse()
  expect(backwards).toEqual(augmented(options))
  expect(augmented(options, 1)).not.toEqual(augmented(options))
  expect(augmented({ ...options, seed: 2 })).not.toEqual(augmented(options))
})

it('changes the given share of rows', () => {
  expect(Math.abs(changedShare(augmented({ swapFields: 0.3 })) - 0.3)).toBeLessThan(0.05)
})

describe('one change at a time:', () => {
  it('cuts words between letters, about every seventh place, and loses nothing', () => {
    const row = { id: '1', line: 1, text: '기타가스터빈제조(차량용) 𠮷𠮷'.repeat(20) }
    const cut = createAugmenter({ seed: 1, splitWords: 1 })(row, 0).text
    const letters = (text: string) => text.replace(/ /g, '')
    expect(letters(cut)).toBe(letters(row.text))
    const added = (cut.match(/ /g)?.length ?? 0) - (row.text.match(/ /g)?.length ?? 0)
    const places = row.text.match(/(?<=\p{L})(?=\p{L})/gu)?.length ?? 0
    expect(Math.abs(added / places - 0.15)).toBeLessThan(0.06)
    expect(cut).not.toMatch(/ \(|[\uD800-\uDBFF] /)
  })

  it('drops a field, but never the last one', () => {
    for (const [i, row] of augmented({ dropField: 1 }).entries()) {
      const [before, after] = [parts(rows[i] ?? plain), parts(row)]
      const count = before.filter((part) => part !== '').length
      expect(after.filter((part) => part !== '').length).toBe(Math.max(1, count - 1))
      expect(after.every((part, field) => part === '' || part === before[field])).toBe(true)
    }
  })

  it('swaps two fields', () => {
    for (const [i, row] of augmented({ swapFields: 1 }).entries()) {
      const [before, after] = [parts(rows[i] ?? plain), parts(row)]
      expect([...after].sort()).toEqual([...before].sort())
    }
  })

  it('removes only spaces', () => {
    for (const [i, row] of augmented({ dropSpaces: 1 }).entries())
      expect(parts(row)).toEqual(parts(rows[i] ?? plain).map((part) => part.replaceAll(' ', '')))
  })

  it('draws spaces anew, about every third place, and loses nothing else', () => {
    const row = { id: '1', line: 1, text: '기타 가스 터빈 제조(차량용) 𠮷𠮷'.repeat(20) }
    const drawn = createAugmenter({ seed: 1, drawSpaces: 1 })(row, 0).text
    const letters = (text: string) => text.replace(/ /g, '')
    expect(letters(drawn)).toBe(letters(row.text))
    const places = letters(row.text).match(/(?<=\S)(?=[\p{L}\p{N}])/gu)?.length ?? 0
    expect(Math.abs((drawn.match(/ /g)?.length ?? 0) / places - 0.3)).toBeLessThan(0.06)
    expect(drawn).not.toMatch(/ \(|[\uD800-\uDBFF] /)
  })

  it('leaves out one word of a field that has others', () => {
    const [words, left] = [
      (row: Row) => row.text.split(' '),
      createAugmenter({ seed: 1, dropWord: 1 })(plain, 0).text.split(' '),
    ]
    expect(left).toHaveLength(2)
    expect(words(plain)).toEqual(expect.arrayContaining(left))
    const single = { ...plain, text: '카센터' }
    expect(createAugmenter({ seed: 1, dropWord: 1 })(single, 0)).toEqual(single)
  })

  it('orders the words of each field anew', () => {
    const sorted = (row: Row) => parts(row).map((part) => part.split(' ').sort().join(' '))
    const shuffled = augmented({ shuffleWords: 1 })
    expect(shuffled.map(sorted)).toEqual(rows.map(sorted))
    expect(changedShare(shuffled)).toBeGreaterThan(0.2)
  })

  it('cuts one field after half of its characters or later', () => {
    for (const [i, row] of augmented({ cutShort: 1 }).entries()) {
      const before = parts(rows[i] ?? plain)
      const touched = parts(row).flatMap((part, field) =>
        part === before[field] ? [] : [[part, before[field] ?? ''] as const],
      )
      expect(touched.length).toBeLessThan(2)
      for (const [part, whole] of touched) {
        expect(whole.startsWith(part)).toBe(true)
        expect(part.length).toBeGreaterThanOrEqual(Math.ceil(whole.length / 2) - 1)
      }
    }
    expect(createAugmenter({ seed: 1, cutShort: 1 })(plain, 0).text).not.toBe(plain.text)
  })

  it('ends one field in a word that answers add, where it ends in a syllable', () => {
    const changed = createAugmenter({ seed: 1, affix: 1 })
    expect(changed(plain, 0).text.startsWith(plain.text)).toBe(true)
    expect(changed(plain, 0).text).not.toBe(plain.text)
    const foreign = { ...plain, text: 'growing rice' }
    expect(changed(foreign, 0)).toEqual(foreign)
  })

  it('writes a syllable as its jamo, which compose to it', () => {
    for (const [i, row] of augmented({ jamo: 1 }).entries()) {
      const before = rows[i]?.text ?? ''
      if (!/[가-힣]/.test(before)) continue
      // Two or three compatibility jamo stand where one syllable stood.
      expect([1, 2]).toContain(row.text.length - before.length)
      const at = [...before].findIndex((character, position) => row.text[position] !== character)
      const jamo = row.text.slice(at, at + 1 + row.text.length - before.length)
      expect(jamo).toMatch(/^[ㄱ-ㅎ][ㅏ-ㅣ][ㄱ-ㅎ]?$/)
      expect(row.text.slice(0, at) + before[at] + row.text.slice(at + jamo.length)).toBe(before)
    }
    expect(createAugmenter({ seed: 1, jamo: 1 })({ ...plain, text: '각' }, 0).text).toBe('ㄱㅏㄱ')
  })

  it('changes at most one character of one field by a slip', () => {
    const changed = augmented({ typo: 1 })
    expect(changedShare(changed)).toBeGreaterThan(0.6)
    for (const [i, row] of changed.entries()) {
      const before = parts(rows[i] ?? plain)
      const touched = parts(row).filter((part, field) => part !== before[field])
      expect(touched.length).toBeLessThan(2)
      expect(Math.abs(row.text.length - (rows[i]?.text.length ?? 0))).toBeLessThan(3)
    }
  })

  it('changes rows without fields', () => {
    expect(createAugmenter({ seed: 1, dropSpaces: 1 })(plain, 0)).toEqual({
      ...plain,
      text: '카센터에서타이어교환',
    })
  })
})

it.each([{ typo: -0.1 }, { jamo: 1.1 }, { dropField: Number.NaN }])('refuses %o', (options) => {
  expect(() => createAugmenter({ seed: 1, ...options })).toThrow(
    expect.objectContaining({ code: 'korean-answers/bad-share' }),
  )
})
