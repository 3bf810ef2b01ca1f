import { describe, expect, expectTypeOf, it } from 'vitest'
import { scriptedAnswering } from '../__fixtures__/scripted-answering.ts'
import { createPredictor } from './create-predictor.ts'
import type { Prediction } from './prediction.ts'
import { streamAnswers } from './stream-answers.ts'

const collected = async <T>(answers: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const answer of answers) found.push(answer)
  return found
}
const pause = (ms = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('stream', () => {
  it('answers texts with predictions, adds a prediction to rows with a text, and returns other rows unchanged', async () => {
    const { answering } = scriptedAnswering()
    expect((await collected(streamAnswers(answering, ['쌀', '벼']))).map(({ text }) => text)).toEqual([
      '쌀',
      '벼',
    ])
    const reject = { line: 2, reject: 'torn' }
    const rows = [{ id: 'a', text: '쌀' }, reject, { id: 'b', text: '벼' }]
    const answers = await collected(streamAnswers(answering, rows, { window: 2 }))
    expect(answers).toMatchObject([
      { id: 'a', text: '쌀', prediction: { text: '쌀' } },
      reject,
      { id: 'b', prediction: { text: '벼' } },
    ])
    expect(answers[1]).toBe(reject)
    expect(await collected(streamAnswers(answering, [reject]))).toEqual([reject])
    expect(await collected(streamAnswers(answering, []))).toEqual([])
  })

  it('has the type of the answer to a row', () => {
    const { stream } = createPredictor(scriptedAnswering().answering)
    type Answer<T> = T extends AsyncIterable<infer A> ? A : never
    const texts = () => stream(['쌀'])
    expectTypeOf<Answer<ReturnType<typeof texts>>>().toEqualTypeOf<Prediction>()
    type Row = { readonly id: number; readonly text: string } | { readonly line: number }
    const rows = (given: readonly Row[]) => stream(given)
    expectTypeOf<Answer<ReturnType<typeof rows>>>().toEqualTypeOf<
      | ({ readonly id: number; readonly text: string } & { readonly prediction: Prediction })
      | { readonly line: number }
    >()
  })

  it('computes one window ahead', async () => {
    const { answering, asked } = scriptedAnswering(() => pause())
    const answers = streamAnswers(answering, ['1', '2', '3', '4', '5', '6'], { window: 2 })
    await answers.next()
    await pause(10)
    expect(asked.map(({ texts }) => texts)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
    expect((await collected(answers)).map(({ text }) => text)).toEqual(['2', '3', '4', '5', '6'])
  })

  it('computes a repeated text once, within a window and across windows', async () => {
    const { answering, asked } = scriptedAnswering()
    const texts = ['쌀', '벼', '쌀', '벼', '콩', '쌀']
    const answers = await collected(streamAnswers(answering, texts, { window: 3 }))
    expect(answers.map(({ text }) => text)).toEqual(texts)
    expect(asked.map((one) => one.texts)).toEqual([['쌀', '벼'], ['콩']])
    expect(asked.every(({ options }) => options.alone)).toBe(true)
  })

  it('bounds its memory, and caches fewer texts with more candidates', async () => {
    const { answering, asked } = scriptedAnswering()
    const texts = ['쌀', ...Array.from({ length: 2000 }, (_, i) => String(i)), '쌀']
    await collected(streamAnswers(answering, texts, { topK: 256, window: 500 }))
    expect(asked.filter((one) => one.texts.includes('쌀'))).toHaveLength(2)
    asked.length = 0
    await collected(streamAnswers(answering, texts, { topK: 5, window: 500 }))
    expect(asked.filter((one) => one.texts.includes('쌀'))).toHaveLength(1)
  })

  it('answers the rows before an error', async () => {
    async function* rows() {
      yield* ['1', '2', '3']
      throw new Error('torn')
    }
    const found: string[] = []
    await expect(async () => {
      for await (const { text } of streamAnswers(scriptedAnswering().answering, rows(), { window: 2 }))
        found.push(text)
    }).rejects.toThrow('torn')
    expect(found).toEqual(['1', '2', '3'])
  })

  it('aborts with the reason of the signal', async () => {
    const controller = new AbortController()
    const { answering, asked } = scriptedAnswering(async (_, { signal }) => {
      controller.abort(new Error('enough'))
      signal?.throwIfAborted()
    })
    const { signal } = controller
    await expect(collected(streamAnswers(answering, ['1', '2'], { signal, window: 1 }))).rejects.toThrow(
      'enough',
    )
    expect(asked.length).toBeGreaterThan(0)
  })

  it('stops the computation when the loop is left', async () => {
    const { answering, asked } = scriptedAnswering()
    for await (const _ of streamAnswers(answering, ['1', '2', '3', '4'], { window: 2 })) {
      expect(asked.map(({ options }) => options.signal?.aborted)).toEqual([false, false])
      break
    }
    expect(asked.map(({ options }) => options.signal?.aborted)).toEqual([true, true])
  })

  it.each([0, 1.5, Number.NaN])('refuses a window of %s rows', async (window) => {
    const { answering } = scriptedAnswering()
    await expect(collected(streamAnswers(answering, ['쌀'], { window }))).rejects.toMatchObject({
      code: 'predictor/window',
    })
  })
})

describe('predict', () => {
  it('answers more texts than a window like a stream, and shares batches for fewer', async () => {
    const { answering, asked } = scriptedAnswering()
    const { predict } = createPredictor(answering)
    expect(await predict(['쌀', '벼', '쌀'])).toMatchObject([{ text: '쌀' }, { text: '벼' }, { text: '쌀' }])
    expect(asked.map(({ texts, options }) => [texts, options.alone])).toEqual([[['쌀', '벼'], false]])
    const many = Array.from({ length: 5000 }, (_, i) => String(i))
    expect((await predict(many)).map(({ text }) => text)).toEqual(many)
    expect(asked.slice(1).map(({ texts, options }) => [texts.length, options.alone])).toEqual([
      [4096, true],
      [904, true],
    ])
  })
})
