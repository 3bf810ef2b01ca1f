import { createClassification } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { defined } from '@kic/core'
import { defaultPreparation } from '@kic/data/prepare'
import { expect, it } from 'vitest'
import { names, tinyRows, tinyTokenizer } from './__fixtures__/tiny-task.ts'
import { labelNames } from './label-names.ts'
import { encodePairs, pairBatches } from './pair-batches.ts'
import { samplePairs } from './sample-pairs.ts'

const rows = tinyRows(30, 1)
const options = {
  ...rows,
  names,
  tokenizer: tinyTokenizer,
  maxLength: 32,
  typeVocabSize: 2,
  negatives: { kind: 'random' },
  batchSize: 8,
  seed: 3,
} as const

/** All pairs of an epoch, with decoded text and name; checks their labels. */
const pairsOf = async (epoch: number, ratio = 1): Promise<string[]> => {
  const batches = pairBatches({ ...options, ratio }).epoch(epoch)
  const pairs: string[] = []
  for (let index = 0; index < batches.length; index++) {
    const { feeds, rows: texts } = await batches.batch(index)
    const [, width = 0] = feeds.input_ids?.shape ?? []
    for (let i = 0; i < texts.length; i++) {
      const ids = [...(feeds.input_ids?.data.subarray(i * width, (i + 1) * width) ?? [])]
      const types = [...(feeds.token_type_ids?.data.subarray(i * width, (i + 1) * width) ?? [])]
      const text = tinyTokenizer.decode(
        ids.filter((_, at) => types[at] === 0),
        { skipSpecialTokens: true },
      )
      const name = tinyTokenizer.decode(
        ids.filter((_, at) => types[at] === 1),
        { skipSpecialTokens: true },
      )
      expect(text).toBe(rows.texts[defined(texts[i])])
      const truth = names[defined(rows.labels[defined(texts[i])])]
      expect(feeds.labels?.data[i]).toBe(name === truth ? 1 : 0)
      pairs.push(`${texts[i]} ${name}`)
    }
  }
  return pairs.sort()
}

it('pairs each text with its class name, and with wrong names in the given ratio', async () => {
  const pairs = await pairsOf(0)
  expect(pairs).toHaveLength(60)
  expect(pairs).toEqual(
    expect.arrayContaining(Array.from(rows.labels, (label, row) => `${row} ${names[label]}`)),
  )
  expect(await pairsOf(0, 2.5)).toHaveLength(105)
})

it('draws new negatives for each epoch, and repeats them for the same epoch', async () => {
  expect(await pairsOf(1)).toEqual(await pairsOf(1))
  expect(await pairsOf(1)).not.toEqual(await pairsOf(2))
})

it('prepares texts and names with the given or the default preparation', () => {
  const pairs = { rows: [0, 1, 2], labels: [3, 2, 1] }
  const noisy = (texts: readonly string[]): string[] =>
    texts.map((text) => ` ${text.normalize('NFD').replaceAll(' ', '\u3000\u200b')}\ufeff`)
  const clean = encodePairs(rows.texts, names, pairs, options)
  expect(encodePairs(noisy(rows.texts), noisy(names), pairs, options)).toEqual(clean)
  const unprepared = { ...options, preparation: { ...defaultPreparation, normalization: 'none' } } as const
  expect(encodePairs(noisy(rows.texts), noisy(names), pairs, unprepared)).not.toEqual(clean)
})

it('takes class names from the classification, in the order of class numbers', () => {
  const groups = labelNames(ksic10Occurring, 'group')
  expect(groups).toHaveLength(225)
  expect(groups[0]).toBe('작물 재배업')
})

it('refuses classes without a name, and ratios without a negative', () => {
  const classification = createClassification('two', [
    {
      name: 'group',
      nodes: [
        { code: '01', name: '농업' },
        { code: '02', name: ' ' },
      ],
    },
  ])
  expect(() => labelNames(classification, 'group')).toThrowError(
    expect.objectContaining({
      code: 'negative-sampling/label-name',
      message: expect.stringContaining('group 02'),
    }),
  )
  expect(() => pairBatches({ ...options, names: ['자동차', '', '빵', '책'] })).toThrowError(
    expect.objectContaining({
      code: 'negative-sampling/label-name',
      message: expect.stringContaining('class 1'),
    }),
  )
  expect(() => pairBatches({ ...options, names: ['자동차'] })).toThrowError(/at least two classes/)
  expect(() => samplePairs({ ...options, classes: 4, ratio: 0, epoch: 0 })).toThrowError(
    expect.objectContaining({ code: 'negative-sampling/ratio' }),
  )
})
