import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inferenceContext } from '@kic/engine'
import { initialize } from '@kic/nn'
import { createRobertaConfig, meanHead } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { FusedClassifier } from './hierarchical-fusion.ts'
import { robertaFusion } from './roberta-fusion.ts'
import { loadFusion, saveFusion } from './saved-fusion.ts'

const configOf = (labels: readonly string[]) =>
  createRobertaConfig({
    vocab_size: 20,
    hidden_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 16,
    max_position_embeddings: 12,
    type_vocab_size: 1,
    id2label: Object.fromEntries(labels.entries()),
  })
const levels = {
  previous: { level: 'section', config: configOf(['A', 'B']) },
  present: { level: 'division', config: configOf(['A01', 'A02', 'B05']) },
}

let folder = ''
beforeEach(async () => {
  await tf.setBackend('cpu')
  folder = join(await mkdtemp(join(tmpdir(), 'kic-fusion-')), 'model')
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

const logitsOf = (model: FusedClassifier, params: HostTensors): readonly number[] =>
  tf.tidy(() => {
    const placed = Object.fromEntries(
      Object.entries(params).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
    )
    const ids = tf.tensor2d([0, 5, 6, 2], [1, 4], 'int32')
    return Array.from(model.logits(placed, { input_ids: ids }, inferenceContext).dataSync())
  })

it('is loaded as it was saved, with what else was written', async () => {
  const model = robertaFusion(levels, meanHead)
  const params = initialize(model.parameters, 3)
  await saveFusion(folder, levels, { head: 'mean', params }, (at) => writeFile(join(at, 'more'), ''))
  expect((await readdir(folder)).sort()).toEqual(['fusion.json', 'model.safetensors', 'more'])
  const loaded = await loadFusion(folder)
  expect(loaded.head).toBe('mean')
  expect(loaded.model.config).toEqual(levels.present.config)
  expect(loaded.params).toEqual(params)
  expect(logitsOf(loaded.model, loaded.params)).toEqual(logitsOf(model, params))
  expect(loaded.model.encoder.parameters('')).toEqual(model.encoder.parameters(''))
})

it('is refused where its file describes something else', async () => {
  await expect(loadFusion(folder)).rejects.toMatchObject({ code: 'hierarchical-fusion/file' })
  const params = initialize(robertaFusion(levels, meanHead).parameters, 3)
  await saveFusion(folder, levels, { head: 'mean', params })
  const path = join(folder, 'fusion.json')
  const { head: _, ...others } = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify(others))
  await expect(loadFusion(folder)).rejects.toMatchObject({ code: 'hierarchical-fusion/file' })
  await writeFile(path, JSON.stringify({ ...others, head: 'mean', present: { level: 'a', config: {} } }))
  await expect(loadFusion(folder)).rejects.toMatchObject({ code: 'roberta/model-type' })
})
