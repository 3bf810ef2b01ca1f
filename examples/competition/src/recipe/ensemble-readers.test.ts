import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import type { Row } from '@kic/data'
import { parseEnsemble } from '@kic/ensemble'
import { trainNgramModel } from '@kic/ngram'
import { saveNgramFolder } from '@kic/predictor/node'
import { reviewRule } from '@kic/scores'
import { expect, it } from 'vitest'
import { ensembleReaders, withoutRefused } from './ensemble-readers.ts'
import { smoke } from './recipe.ts'

it('codes no row that a member refuses, so that reviews count what the packed model does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-readers-'))
  const rows = [
    { text: '논에서 벼 재배', label: '011' },
    { text: '카센터 자동차 수리', label: '952' },
  ]
  const model = trainNgramModel(rows, { model: 'naive-bayes' })
  await saveNgramFolder(join(folder, 'stage'), {
    model,
    notes: { classification: ksic10, script: ksicScript },
  })
  const ensemble = parseEnsemble({
    format: 'kic-ensemble',
    version: 1,
    scheme: 'path',
    levels: [{ name: 'group', labels: ['011', '952'] }],
    members: [{ name: 'ngrams', level: 'group', weight: 1, temperature: 1 }],
  })
  const readers = await ensembleReaders(folder, {
    recipe: { ...smoke, members: [] },
    classification: ksic10,
    ensemble,
    folderOf: () => join(folder, 'stage'),
  })
  expect(await readdir(folder)).toEqual(['stage'])
  const row = (text: string, line: number): Row => ({ id: String(line), line, text })
  const texts = Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? `벼 재배 ${i}` : String(i)))
  // An ensemble has probabilities even for texts that it refuses.
  const judged = texts.map(() => ({ confidence: 0.99, correct: { group: true, section: undefined } }))
  const kept = await withoutRefused(readers, texts.map(row), judged)
  expect(kept[0]).toEqual(judged[0])
  expect(kept[1]).toEqual({ confidence: undefined, correct: { group: false, section: undefined } })
  const { validation } = reviewRule(['group'], kept, kept)
  expect(validation).toMatchObject({ automatic: 0.5, rows: 40 })
  await rm(folder, { recursive: true })
})
