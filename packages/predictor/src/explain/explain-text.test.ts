import { ksic10 } from '@kic/classification/ksic'
import { defaultPreparation } from '@kic/data/prepare'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answering } from '../answers/answering.ts'
import { createPredictor } from '../answers/create-predictor.ts'
import type { ExplainedText } from './explanation.ts'

const CODES = ['011', '561', '952']

/** Scores are sums over the characters, so the true weights are known. */
const additive = (weights: Readonly<Record<string, readonly number[]>>): Answering => {
  const logitsOf = (text: string): Float32Array =>
    Float32Array.from(CODES, (_, c) => [...text].reduce((sum, one) => sum + (weights[one]?.[c] ?? 0), 0))
  const candidate = (code: string, confidence: number) => ({ code, name: code, confidence, labels: {} })
  const isUsable = (text: string): boolean => /\S/.test(text)
  return {
    info: {
      kind: 'model',
      name: 'additive',
      models: [],
      levels: ['group'],
      classes: CODES,
      classification: ksic10,
      preparation: defaultPreparation,
      warnings: [],
    },
    answer: async (texts) =>
      texts.map((text) => {
        if (!isUsable(text)) return { status: 'unusable', text, reason: 'empty' }
        const odds = Array.from(logitsOf(text), Math.exp)
        const sum = odds.reduce((a, b) => a + b)
        const top = CODES.map((code, c) => candidate(code, (odds[c] ?? 0) / sum)).sort(
          (a, b) => b.confidence - a.confidence,
        )
        const best = top[0] ?? candidate('', 0)
        return {
          status: 'coded',
          text,
          codes: { group: best },
          confidence: best.confidence,
          top,
          truncated: false,
        }
      }),
    score: async (texts) =>
      texts.map((text) =>
        isUsable(text)
          ? { text, logits: logitsOf(text), truncated: false }
          : { text, reason: 'empty' as const },
      ),
    dispose: async () => undefined,
  }
}

const explained = async (answering: Answering, text: string): Promise<ExplainedText> => {
  const found = await createPredictor(answering).explain(text)
  if (found.status !== 'explained') throw new Error(`unusable: ${found.reason}`)
  return found
}

describe('explain', () => {
  it('finds the characters that speak for the first and for the second answer', async () => {
    const model = additive({ 카: [0, 0, 2], 센: [0, 0, 3], 밥: [0, 3, 0], 집: [0.1, 0, 0] })
    const { first, second, characters, strongest } = await explained(model, '카센 밥집')
    expect([first.code, second?.code]).toEqual(['952', '561'])
    expect(characters.map(({ character }) => character).join('')).toBe('카센 밥집')
    const by = (key: 'first' | 'second') =>
      [...characters].sort((a, b) => b[key] - a[key]).map(({ character }) => character)
    expect(by('first').slice(0, 2)).toEqual(['센', '카'])
    expect(by('second')[0]).toBe('밥')
    expect(characters[2]).toEqual({ character: ' ', first: 0, second: 0 })
    // What speaks for the second answer speaks against the first.
    expect(characters[3]?.first).toBeLessThan(0)
    expect(strongest.places).toEqual([0, 1, 4])
    expect(strongest.text).toBe(' 밥')
    expect(strongest.confidence).toBeLessThan(0.1)
  })

  it('names the three characters whose removal costs most, of all triples', async () => {
    const text = '가나다라마바사'
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.float({ min: 0, max: 2, noNaN: true }), { minLength: 7, maxLength: 7 }),
        async (weights) => {
          const model = additive(
            Object.fromEntries([...text].map((one, i) => [one, [weights[i] ?? 0, 0, 0.5]])),
          )
          const { first, strongest } = await explained(model, text)
          const gain = (i: number) => (first.code === '011' ? (weights[i] ?? 0) : 0.5 - (weights[i] ?? 0))
          const largest = [...text].map((_, i) => gain(i)).sort((a, b) => b - a)
          const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
          expect(sum(strongest.places.map(gain))).toBeCloseTo(sum(largest.slice(0, 3)), 5)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('explains the same text alike, and texts of any length', async () => {
    const model = additive({ 카: [0, 0, 2], 밥: [0, 1, 0] })
    expect(await explained(model, '카밥카')).toEqual(await explained(model, '카밥카'))
    for (const text of ['카', '카밥', '카 '.repeat(300), `${'밥'.repeat(100)}카`]) {
      const { characters, strongest } = await explained(model, text)
      expect(characters).toHaveLength([...text].length)
      expect(characters.every(({ first, second }) => Number.isFinite(first + second))).toBe(true)
      expect(strongest.places.length).toBeGreaterThan(0)
    }
    // Without its only character a text has no answer.
    expect((await explained(model, '카')).strongest).toEqual({ places: [0], text: '', confidence: 0 })
  })

  it('gives the reason for an unusable text', async () => {
    expect(await createPredictor(additive({})).explain('  ')).toMatchObject({
      status: 'unusable',
      reason: 'empty',
    })
  })
})
