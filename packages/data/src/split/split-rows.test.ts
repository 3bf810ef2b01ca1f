import { createRandom, defined } from '@kic/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignParts } from './assign-parts.ts'
import { foldNumbers, foldRows, splitRows } from './split-rows.ts'
import { textKey, textKeyHash } from './text-key.ts'

interface Sample {
  readonly text: string
  readonly labels?: Readonly<Record<string, string>> | undefined
}

const sample = (text: string, group?: string): Sample =>
  group === undefined ? { text } : { text, labels: { section: 'S', group } }

const fractions = { train: 0.8, dev: 0.2 }

/** Rows of uneven classes with duplicates that differ in spacing and case. */
const survey = (rows: number, seed: number): Sample[] => {
  const random = createRandom(seed)
  return Array.from({ length: rows }, () => {
    const group = String(Math.floor(20 * random.next() ** 2))
    const text = `Text ${random.int(rows)} of ${group}`
    return sample(random.next() < 0.3 ? text.toLowerCase().replaceAll(' ', '') : text, group)
  })
}

const countBy = (rows: readonly Sample[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(row.labels?.group ?? '', (counts.get(row.labels?.group ?? '') ?? 0) + 1)
  return counts
}

describe('splitRows', () => {
  it('keeps equal texts together, and every row once', () => {
    const text = fc.constantFrom('가 나', '가나', 'AB', 'ａｂ', 'c', 'd', 'e', 'f', '')
    const row = fc.record({ text, group: fc.constantFrom('1', '2', undefined) })
    fc.assert(
      fc.property(fc.array(row), fc.integer(), (list, seed) => {
        const rows = list.map(({ text: t, group }) => sample(t, group))
        const { train, dev } = splitRows(rows, { fractions, seed })
        expect(train.length + dev.length).toBe(rows.length)
        expect(new Set([...train, ...dev]).size).toBe(rows.length)
        const keys = new Set(train.map((r) => textKey(r.text)))
        expect(dev.filter((r) => keys.has(textKey(r.text)))).toEqual([])
      }),
    )
  })

  it('divides every class in proportion', () => {
    const rows = survey(6000, 1)
    const { train, dev } = splitRows(rows, { fractions, seed: 1 })
    const [all, held] = [countBy(rows), countBy(dev)]
    for (const [group, count] of all) expect(Math.abs((held.get(group) ?? 0) - 0.2 * count)).toBeLessThan(4)
    expect(Math.abs(dev.length - 1200)).toBeLessThan(8)
    expect(countBy(train).size).toBe(all.size)
  })

  it('is exact to one row without repeated texts', () => {
    const rows = [10, 15, 101, 7].flatMap((n, g) =>
      Array.from({ length: n }, (_, i) => sample(`${g}/${i}`, String(g))),
    )
    const { dev } = splitRows(rows, { fractions, seed: 3 })
    const held = countBy(dev)
    for (const [group, count] of countBy(rows))
      expect(Math.abs((held.get(group) ?? 0) - 0.2 * count)).toBeLessThanOrEqual(2)
    expect(Math.abs(dev.length - 0.2 * rows.length)).toBeLessThanOrEqual(1)
  })

  it('carries over the remainders of small classes', () => {
    const rows = Array.from({ length: 300 }, (_, i) => sample(`text ${i}`, `class ${i >> 1}`))
    const { train, dev } = splitRows(rows, { fractions: { train: 0.9, dev: 0.1 }, seed: 1 })
    expect(Math.abs(dev.length - 30)).toBeLessThanOrEqual(1)
    expect(countBy(train).size).toBe(150)
  })

  it('depends on seed and texts, not on the order of rows', () => {
    const rows = survey(500, 2)
    const shuffled = createRandom(9).shuffle(rows)
    const keys = (list: readonly Sample[]) => list.map((row) => textKey(row.text)).sort()
    const first = splitRows(rows, { fractions, seed: 5 })
    expect(keys(splitRows(shuffled, { fractions, seed: 5 }).dev)).toEqual(keys(first.dev))
    expect(keys(splitRows(rows, { fractions, seed: 6 }).dev)).not.toEqual(keys(first.dev))
    expect(first.train).toEqual(rows.filter((row) => first.train.includes(row)))
  })

  it('depends on seed and texts, also if a text has several labels', () => {
    const rows = Array.from({ length: 60 }, (_, i) => sample(`text ${i >> 1}`, String((i * i) % 5)))
    for (let seed = 0; seed < 10; seed++) {
      const texts = (list: readonly Sample[]) =>
        [...splitRows(list, { fractions, seed }).dev].map((row) => row.text).sort()
      expect(texts([...rows].reverse())).toEqual(texts(rows))
    }
  })

  it('keeps every class in the largest part, even if each has a single text', () => {
    const rows = Array.from({ length: 100 }, (_, i) => sample(`text ${i}`, `class ${i}`))
    expect(splitRows(rows, { fractions, seed: 1 }).train).toEqual(rows)
  })

  it('puts a class with one text into the largest part, and a frequent text where it fits', () => {
    const rows = [sample('alone', '1'), ...Array.from({ length: 50 }, () => sample('often', '2'))]
    for (let seed = 0; seed < 20; seed++) {
      const { dev } = splitRows(rows, { fractions: { dev: 0.2, train: 0.8 }, seed })
      expect(dev).toEqual([])
    }
    const mixed = [...rows, ...Array.from({ length: 100 }, (_, i) => sample(`other ${i}`, '2'))]
    for (let seed = 0; seed < 20; seed++)
      expect(splitRows(mixed, { fractions, seed }).dev.filter((row) => row.text === 'often')).toEqual([])
  })

  it('stratifies by another level, and makes folds', () => {
    const rows = survey(1000, 3)
    const folds = splitRows(rows, {
      fractions: { a: 0.25, b: 0.25, c: 0.25, d: 0.25 },
      seed: 1,
      level: 'section',
    })
    for (const fold of Object.values(folds)) expect(Math.abs(fold.length - 250)).toBeLessThanOrEqual(4)
  })

  it.each([{}, { train: 0.8 }, { train: 1.2, dev: -0.2 }, { train: 1, dev: 0 }, { train: Number.NaN }])(
    'refuses the fractions %o',
    (wrong: Record<string, number>) => {
      expect(() => splitRows([], { fractions: wrong, seed: 1 })).toThrow(
        expect.objectContaining({ code: 'data/bad-fractions' }),
      )
    },
  )
})

describe('folds', () => {
  const rows = survey(3000, 4).map((row, i) => ({ ...row, id: `id_${i}` }))

  it('contain every row once, keep equal texts together, and divide classes in proportion', () => {
    const folds = foldRows(rows, { folds: 5, seed: 1 })
    expect(folds.flatMap(({ dev }) => dev.map((row) => row.id)).sort()).toEqual(
      rows.map((row) => row.id).sort(),
    )
    const all = countBy(rows)
    for (const { train, dev } of folds) {
      expect(train.length + dev.length).toBe(3000)
      const keys = new Set(train.map((row) => textKey(row.text)))
      expect(dev.some((row) => keys.has(textKey(row.text)))).toBe(false)
      const held = countBy(dev)
      for (const [group, count] of all) expect(Math.abs((held.get(group) ?? 0) - count / 5)).toBeLessThan(4)
    }
  })

  it('depend on seed and rows, not on their order', () => {
    const placeOf = (list: typeof rows, seed: number) => {
      const numbers = foldNumbers(list, { folds: 4, seed })
      return new Map(list.map((row, i) => [row.id, numbers[i]]))
    }
    const shuffled = createRandom(3).shuffle(rows)
    const first = placeOf(rows, 1)
    for (const [id, fold] of placeOf(shuffled, 1)) expect(fold, id).toBe(first.get(id))
    expect([...placeOf(rows, 2)]).not.toEqual([...first])
  })

  it('spread classes of one text over all folds', () => {
    const singles = Array.from({ length: 400 }, (_, i) => sample(`text ${i}`, `class ${i}`))
    for (const { dev } of foldRows(singles, { folds: 4, seed: 1 }))
      expect(Math.abs(dev.length - 100)).toBeLessThan(3)
  })

  it.each([1, 2.5, 1001, Number.NaN])('are not %s', (folds) => {
    expect(() => foldRows(rows, { folds, seed: 1 })).toThrow(
      expect.objectContaining({ code: 'data/bad-folds' }),
    )
  })
})

describe('assignParts', () => {
  it('needs neither texts nor objects', () => {
    const rows = survey(2000, 5)
    const hashes = rows.map((row) => textKeyHash(row.text))
    const columns = {
      keyHigh: Int32Array.from(hashes, ([high]) => high),
      keyLow: Int32Array.from(hashes, ([, low]) => low),
      classes: Int32Array.from(rows, (row) => Number(row.labels?.group)),
    }
    const parts = assignParts(columns, [0.9, 0.1], 1)
    const keysOf = (part: number) =>
      new Set(rows.filter((_, i) => parts[i] === part).map((row) => textKey(row.text)))
    expect([...keysOf(1)].filter((key) => keysOf(0).has(key))).toEqual([])
    expect(Math.abs(parts.filter((part) => part === 1).length - 200)).toBeLessThan(4)
  })

  it('gives each part its share of every class and of all rows, to within a row', () => {
    const sizes = Array.from({ length: 200 }, (_, name) => 1 + ((name * 379) % 1300))
    const classes = Int32Array.from(sizes.flatMap((size, name) => new Array<number>(size).fill(name)))
    // Every ninth row has the text of another, mostly of another class.
    const keyLow = Int32Array.from(classes, (_, row) => (row % 9 === 0 ? (row * 13) % classes.length : row))
    const columns = { keyHigh: new Int32Array(classes.length), keyLow, classes }
    const folds = 10
    const parts = assignParts(columns, new Array<number>(folds).fill(1 / folds), 7)
    const counts = sizes.map(() => new Array<number>(folds).fill(0))
    parts.forEach((part, row) => {
      const own = counts[defined(classes[row])]
      if (own !== undefined) own[part] = defined(own[part]) + 1
    })
    const worst = Math.max(
      ...counts.flatMap((own, name) => own.map((rows) => Math.abs(rows - defined(sizes[name]) / folds))),
    )
    expect(worst).toBeLessThan(1)
    for (let fold = 0; fold < folds; fold++) {
      const rows = parts.filter((part) => part === fold).length
      expect(Math.abs(rows - classes.length / folds)).toBeLessThanOrEqual(1)
    }
  })

  it('distinguishes keys by their hashes', () => {
    const seen = new Set<number>()
    for (let i = 0; i < 200_000; i++) {
      const [high, low] = textKeyHash(`답변 ${i}`)
      seen.add((high >>> 0) * 2 ** 20 + (low >>> 12))
    }
    expect(seen.size).toBe(200_000)
  })
})
