import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostTensors } from '@kic/safetensors'
import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import reference from '../__fixtures__/scikit-learn.json' with { type: 'json' }
import { readNgramModel } from './ngram-file.ts'
import { loadNgramModel, saveNgramModel } from './stored-ngram-model.ts'
import { trainNgramModel } from './train-ngram-model.ts'

// Half of a surrogate pair has no UTF-8; a whole one is a single character.
const rows = [...reference.train, 'half \ud83d of a pair', '𠮷野'].map((text, i) => ({
  text,
  label: `class ${reference.labels[i] ?? 0}`,
}))
const texts = [...reference.unseen, 'half \ud83d', '𠮷']

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-ngram-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe.each([
  { model: 'linear-svc', seed: 1 } as const,
  { model: 'nb-svc' } as const,
  { model: 'logistic-regression' } as const,
  { model: 'naive-bayes' } as const,
  { model: 'nearest' } as const,
])('$model', (options) => {
  const model = trainNgramModel(rows, options)
  const scores = model.scores(texts)

  it('scores the same, bit for bit, from its file', async () => {
    const path = join(folder, 'model.safetensors')
    await saveNgramModel(path, model)
    expect(await readdir(folder)).toEqual(['model.safetensors'])
    const loaded = await loadNgramModel(path)
    expect(loaded.settings).toEqual(model.settings)
    expect(loaded.scores(texts)).toEqual(scores)
    expect(readNgramModel(await readFile(path)).scores(texts)).toEqual(scores)
  })

  it('is refused where its file holds something else', async () => {
    const path = join(folder, 'model.safetensors')
    await saveNgramModel(path, model)
    const { tensors, metadata } = await loadSafetensors(path)
    const refuses = async (changed: HostTensors, other = metadata) => {
      await saveSafetensors(path, changed, other)
      await expect(loadNgramModel(path)).rejects.toMatchObject({ code: 'ngram/file' })
    }
    await refuses(tensors, {})
    await refuses(tensors, { ...metadata, version: '1' })
    await refuses(tensors, { ...metadata, settings: '{' })
    await refuses(tensors, { ...metadata, settings: '{"model":"linear-svc"}' })
    for (const [name, tensor] of Object.entries(tensors)) {
      const { [name]: _, ...others } = tensors
      await refuses(others)
      // A value that no model has: negative. Any number is two characters.
      if (tensor.dtype === 'int32' && name !== 'rows.characters') {
        await refuses({ ...tensors, [name]: { ...tensor, data: Int32Array.from(tensor.data, () => -1) } })
      }
      const shorter = { ...tensor, shape: [tensor.data.length - 1], data: tensor.data.slice(1) }
      await refuses({ ...tensors, [name]: shorter })
    }
  })
})
