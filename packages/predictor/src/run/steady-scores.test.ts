import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom } from '@kic/core'
import { saveTinyModel } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Prediction } from '../answers/prediction.ts'
import { loadPredictor, threadRuntime } from '../node.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-steady-'))
  await saveTinyModel(folder)
})
afterAll(() => rm(folder, { recursive: true }))

/** Texts with many repetitions, near and far. */
const random = createRandom('answers')
const words = ['쌀', '국수 판매', '타이어 교환', '자동차 부품', '컴퓨터 수리']
const texts = Array.from({ length: 9000 }, () => `${words[random.int(5)]} ${random.int(3000)}`)

async function* slowly(pauseEvery: number): AsyncGenerator<string> {
  for (const [i, text] of texts.entries()) {
    if (i % pauseEvery === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    yield text
  }
}

const answers = async (source: Iterable<string> | AsyncIterable<string>): Promise<readonly Prediction[]> => {
  const predictor = await loadPredictor(folder, { precision: 'int8', runtime: threadRuntime(2) })
  try {
    const found: Prediction[] = []
    for await (const prediction of predictor.stream(source)) found.push(prediction)
    return found
  } finally {
    await predictor.dispose()
  }
}

it('returns bit-identical int8 scores at any speed of the source', async () => {
  const at = await answers(texts)
  expect(await answers(slowly(16))).toEqual(at)
  expect(await answers(slowly(1000))).toEqual(at)
})

it('completes a call while another call with the same texts is aborted', async () => {
  const predictor = await loadPredictor(folder)
  const stop = new AbortController()
  const window = texts.slice(0, 4096)
  const stopped = predictor.predict(window, { signal: stop.signal })
  const going = predictor.predict(window)
  stop.abort(new Error('stopped'))
  await expect(stopped).rejects.toThrow('stopped')
  const expected = await predictor.predict(window)
  const codes = (predictions: readonly Prediction[]) =>
    predictions.map((prediction) => ('codes' in prediction ? prediction.codes.group?.code : undefined))
  expect(codes(await going)).toEqual(codes(expected))
  await predictor.dispose()
})
