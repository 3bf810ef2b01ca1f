import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { trainNgramModel } from '@kic/ngram'
import { GROUPS, KSIC_NOTES, saveTinyModel } from '@kic/tool-tiny-models'
import { expect, it } from 'vitest'
import { loadPredictor, packEnsemble, readEnsembleFolder, saveNgramFolder, textLimits } from '../node.ts'

it('finds the same unusable and cut texts as the predictor of an ensemble', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-limits-'))
  const [network, ngram, packed] = ['network', 'ngram', 'packed'].map((name) => join(folder, name))
  const rows = GROUPS.map((label, i) => ({
    text: ['쌀', '국수', '타이어', '자동차', '컴퓨터'][i] ?? '',
    label,
  }))
  await saveTinyModel(defined(network), KSIC_NOTES)
  await saveNgramFolder(defined(ngram), {
    model: trainNgramModel(rows, { model: 'linear-svc' }),
    notes: KSIC_NOTES,
  })
  await packEnsemble(defined(packed), {
    members: [
      { name: 'network', folder: defined(network) },
      { name: 'ngram', folder: defined(ngram) },
    ],
    precision: 'float32',
  })
  const texts = ['쌀', '', '123', 'rice and noodles', '뷁쉙', '국수 '.repeat(400), '  타이어', '쌀 뷁쉙']
  const window = Array.from({ length: 5000 }, (_, i) => defined(texts[i % texts.length]))
  const predictor = await loadPredictor(defined(packed))
  const wanted = (await predictor.predict(window)).map((answer) =>
    answer.status === 'unusable'
      ? { reason: answer.reason, truncated: false }
      : { reason: undefined, truncated: answer.truncated },
  )
  const { models } = defined(await readEnsembleFolder(defined(packed)))
  expect(await textLimits(models, window)).toEqual(wanted)
  expect(new Set(wanted.map(({ reason }) => reason))).toEqual(
    new Set([undefined, 'empty', 'no-letters', 'other-language', 'unknown-words']),
  )
  expect(wanted.some(({ truncated }) => truncated)).toBe(true)
  await predictor.dispose()
  await rm(folder, { recursive: true })
})
