import type { AblationPreset } from './ablation-preset.ts'
import type { MethodKey } from './methods.ts'
import type { Reading } from './reading.ts'
import type { Settings } from './settings.ts'

/** A row of the table. */
export interface AblationRow extends Settings {
  readonly name: string
  readonly method: MethodKey
  /** Whether it is trained only if `--only` lists it. */
  readonly onRequest?: boolean | undefined
}

/** What a printed table must know of its rows: their names by what `--only` calls them, in their order. */
export interface NamedRows {
  /** The row that others are compared with. */
  readonly reference: string
  readonly rows: Readonly<Record<string, Pick<AblationRow, 'name'>>>
}

/** The rows of one table. */
export interface AblationRows extends NamedRows {
  readonly preset: AblationPreset
  readonly rows: Readonly<Record<string, AblationRow>>
}

/** The methods of the published solution, on characters that tell where words begin. */
const methods = (preset: AblationPreset): AblationRows => {
  const reading: Reading = { characters: 'spaced', layers: preset.layers, head: 'standard' }
  const plain = { reading, method: 'plain' } as const
  return {
    preset,
    reference: 'plain',
    rows: {
      plain: { ...plain, name: 'plain' },
      'accuracy-loss': { ...plain, name: '+ accuracy loss', loss: 'accuracy' },
      bilstm: { ...plain, name: '+ BiLSTM', reading: { ...reading, head: 'bilstm' } },
      fusion: { ...plain, name: '+ hierarchical fusion', method: 'fusion' },
      tapt: { ...plain, name: '+ TAPT', method: 'tapt' },
      pairs: { ...plain, name: '+ TAPT, negative sampling', method: 'pairs' },
      rerank: { ...plain, name: 'the same, re-ranked', method: 'rerank' },
      longer: { ...plain, name: 'plain, as long as TAPT', method: 'longer', onRequest: true },
    },
  }
}

/** n-grams of 1 to so many characters. */
const upTo = (longest: number): readonly number[] => Array.from({ length: longest }, (_, i) => i + 1)

/** The reading by characters and n-grams; every row differs from `ngrams` in one thing. */
const ngrams = (given: AblationPreset): AblationRows => {
  const { buckets, mixGenerated, ...sizes } = given.ngrams
  const reading: Reading = {
    characters: 'joined',
    layers: sizes.layers,
    ngramSizes: upTo(4),
    ngramBuckets: buckets[0],
    head: 'ngram',
  }
  const row = (
    name: string,
    changed: Partial<Reading> = {},
    other: Partial<AblationRow> = {},
  ): AblationRow => ({
    name,
    method: 'plain',
    reading: { ...reading, ...changed },
    ...other,
  })
  const withoutNgrams = { ngramSizes: undefined, ngramBuckets: undefined, head: 'standard' } as const
  return {
    preset: { ...given, ...sizes },
    reference: 'ngrams',
    rows: {
      characters: row('characters', withoutNgrams),
      ngrams: row('+ n-grams of 1 to 4'),
      'ngrams-to-3': row('n-grams of 1 to 3', { ngramSizes: upTo(3) }),
      'ngrams-to-5': row('n-grams of 1 to 5, twice the table', {
        ngramSizes: upTo(5),
        ngramBuckets: buckets[1],
      }),
      mean: row('without the bag, head mean', { head: 'mean' }),
      standard: row('without the bag, head standard', { head: 'standard' }),
      bilstm: row('without the bag, head BiLSTM', { head: 'bilstm' }),
      'bilstm-bag': row('head BiLSTM beside the bag', { head: 'bilstm+ngrams' }),
      'layers-2': row('2 layers', { layers: 2 }),
      'layers-0': row('0 layers', { layers: 0 }),
      spaces: row('spaces kept', { characters: 'spaced' }),
      'r-drop': row('R-Drop', {}, { loss: 'r-drop' }),
      smoothing: row('label smoothing 0.05', {}, { labelSmoothing: 0.05 }),
      'mix-generated': row(`with ${mixGenerated} generated rows`, {}, { mixGenerated }),
      fusion: row('+ hierarchical fusion', {}, { method: 'fusion' }),
      tapt: row('+ TAPT', {}, { method: 'tapt' }),
      pairs: row('+ TAPT, negative sampling', {}, { method: 'pairs' }),
    },
  }
}

/** Tables by what `--rows` calls them. */
export const ROW_GROUPS = { methods, ngrams } as const
export type RowGroup = keyof typeof ROW_GROUPS
