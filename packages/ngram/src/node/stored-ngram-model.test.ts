import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostTensors } from '@kic/safetensors'
import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import reference from '../__fixtures__/scikit-learn.json' with { type: 'json' }
import { readNgramModel } from '../model/ngram-file.ts'
import { trainNgramModel } from '../model/train-ngram-model.ts'
import { openNgramModel } from './open-ngram-model.ts'
import { loadNgramModel, saveNgramModel } from './stored-ngram-model.ts'
import { trainNgramModelFile } from './train-ngram-model-file.ts'

// Half of a surrogate pair has no UTF-8.
const rows = [...reference.train, 'half \ud83d of a pair'].map((text, i) => ({
  text,
  label: `class ${reference.labels[i] ?? 0}`,
}))
const texts = [...reference.unseen, 'half \ud83d']

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-ngram-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe.each([{ model: 'linear-svc', seed: 1 } as const, { model: 'naive-bayes' } as const])(
  '$model',
  (options) => {
    const model = trainNgramModel(rows, options)
    const scores = model.scores(texts)

    it('scores the same, bit for bit, from its file, in memory or not', async () => {
      const path = join(folder, 'model.safetensors')
      await saveNgramModel(path, model)
      expect(await readdir(folder)).toEqual(['model.safetensors'])
      const loaded = await loadNgramModel(path)
      expect(loaded.settings).toEqual(model.settings)
      expect(loaded.scores(texts)).toEqual(scores)
      expect(readNgramModel(await readFile(path)).scores(texts)).toEqual(scores)
      const opened = await openNgramModel(path)
      expect([opened.settings, opened.parameters]).toEqual([model.settings, model.parameters])
      expect(await opened.scores(texts)).toEqual(scores)
      expect(await opened.scores(texts.slice(0, 1))).toEqual(scores.subarray(0, 3))
      await opened.close()
    })

    it('is trained into the same file', async () => {
      const [saved, streamed] = [join(folder, 'saved'), join(folder, 'streamed')]
      await saveNgramModel(saved, model)
      await trainNgramModelFile(streamed, rows, options)
      expect((await readFile(streamed)).equals(await readFile(saved))).toBe(true)
    })

    it('is refused where its file holds something else', async () => {
      const path = join(folder, 'model.safetensors')
      await saveNgramModel(path, model)
      const { tensors, metadata } = await loadSafetensors(path)
      const refuses = async (changed: HostTensors, other = metadata) => {
        await saveSafetensors(path, changed, other)
        await expect(loadNgramModel(path)).rejects.toMatchObject({ code: 'ngram/file' })
        const opening = async () => (await openNgramModel(path)).scores(texts)
        await expect(opening()).rejects.toMatchObject({ code: 'ngram/file' })
      }
      await refuses(tensors, {})
      await refuses(tensors, { ...metadata, version: '2' })
      await refuses(tensors, { ...metadata, settings: '{' })
      await refuses(tensors, { ...metadata, settings: '{"model":"linear-svc"}' })
      for (const [name, tensor] of Object.entries(tensors)) {
        const { [name]: _, ...others } = tensors
        await refuses(others)
        // A value that no model has: negative, or beyond the last.
        if (tensor.dtype === 'int32') {
          await refuses({ ...tensors, [name]: { ...tensor, data: Int32Array.from(tensor.data, () => -1) } })
        }
        const shorter = { ...tensor, shape: [tensor.data.length - 1], data: tensor.data.slice(1) }
        if (name !== 'ngrams.characters') await refuses({ ...tensors, [name]: shorter })
      }
    })
  },
)
