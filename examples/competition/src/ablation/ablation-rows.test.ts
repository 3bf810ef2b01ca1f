import { defined } from '@kic/core'
import { expect, it } from 'vitest'
import { ABLATION_PRESETS } from './ablation-preset.ts'
import { ROW_GROUPS } from './ablation-rows.ts'
import { chooseRows } from './run-ablation.ts'

const preset = defined(ABLATION_PRESETS.quick)
const chosen = (options: Partial<Parameters<typeof chooseRows>[0]>): readonly string[] =>
  Object.keys(chooseRows({ preset, rows: 'ngrams', ...options }).rows)

/** Settings and method of a row, by path: `reading.layers`. */
const flat = (row: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([key]) => key !== 'name')
      .flatMap(([key, value]) =>
        key === 'reading'
          ? Object.entries(Object(value)).map(([inner, of]) => [inner, JSON.stringify(of)])
          : [[key, JSON.stringify(value)]],
      ),
  )

it('changes one thing in each row of the reading by characters and n-grams', () => {
  const { reference, rows } = ROW_GROUPS.ngrams(preset)
  const base = flat(defined(rows[reference]))
  const changes = Object.fromEntries(
    Object.entries(rows).map(([key, row]) => {
      const own = flat(row)
      const keys = [...new Set([...Object.keys(own), ...Object.keys(base)])]
      return [key, keys.filter((name) => own[name] !== base[name]).sort()]
    }),
  )
  expect(changes).toEqual({
    characters: ['head', 'ngramBuckets', 'ngramSizes'],
    ngrams: [],
    'ngrams-to-3': ['ngramSizes'],
    // Longer n-grams need a larger table.
    'ngrams-to-5': ['ngramBuckets', 'ngramSizes'],
    mean: ['head'],
    standard: ['head'],
    bilstm: ['head'],
    'bilstm-bag': ['head'],
    'layers-2': ['layers'],
    'layers-0': ['layers'],
    spaces: ['characters'],
    'r-drop': ['loss'],
    smoothing: ['labelSmoothing'],
    'mix-generated': ['mixGenerated'],
    fusion: ['method'],
    tapt: ['method'],
    pairs: ['method'],
  })
})

it('trains rows on request only if they are asked for, and mixes rows only with given ones', () => {
  expect(chosen({})).not.toContain('mix-generated')
  expect(chosen({ data: 'folder' })).toContain('mix-generated')
  expect(chosen({ rows: 'methods' })).toEqual([
    'plain',
    'accuracy-loss',
    'bilstm',
    'fusion',
    'tapt',
    'pairs',
    'rerank',
  ])
  expect(chosen({ only: ['spaces', 'ngrams'] })).toEqual(['ngrams', 'spaces'])
  expect(chosen({ rows: 'methods', only: ['longer'] })).toEqual(['longer'])
})

it('refuses rows of another table', () => {
  expect(() => chosen({ only: ['ngrams', 'rerank'] })).toThrow(
    /rows of the table ngrams, received rerank\. It has characters, /,
  )
})
