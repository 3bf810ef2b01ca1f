import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gradientName, selectEngine, valueAndGradients } from '@kic/engine'
import { compareTensor, loadGoldenCase } from '@kic/nn/testing'
import { parseRobertaConfig } from '@kic/roberta'
import type { HostTensor } from '@kic/safetensors'
import { loadSafetensors } from '@kic/safetensors/node'
import { describe, expect, it } from 'vitest'
import { maskedLanguageModel } from './masked-language-model.ts'

const folder = fileURLToPath(new URL('../../roberta/src/__fixtures__/03-masked-lm/', import.meta.url))

describe.each(['cpu', 'compiled'] as const)('on the %s engine', (name) => {
  it('has the loss and gradients of transformers, with scores at masked places alone', async () => {
    const golden = await loadGoldenCase(folder)
    const model = maskedLanguageModel(
      parseRobertaConfig(JSON.parse(await readFile(`${folder}config.json`, 'utf8'))),
    )
    const { tensors } = await loadSafetensors(`${folder}model.safetensors`)
    const names = model.parameters.map((spec) => spec.name)
    expect([...names].sort()).toEqual(Object.keys(tensors).sort())

    const need = (key: string): HostTensor => {
      const tensor = golden.values[key]
      if (tensor === undefined) throw new Error(`no golden ${key}`)
      return tensor
    }
    const labels = [...need('labels').data]
    const places = labels.flatMap((label, position) => (label === -100 ? [] : [position]))
    // Two more places than tokens, as in a batch.
    const int32 = (data: number[]): HostTensor => ({
      dtype: 'int32',
      shape: [data.length],
      data: Int32Array.from(data),
    })
    const feeds = {
      input_ids: need('input_ids'),
      attention_mask: need('attention_mask'),
      masked_positions: int32([...places, 0, 0]),
      masked_labels: int32([...places.map((place) => labels[place] ?? -100), -100, -100]),
    }
    const engine = await selectEngine(name)
    const placed = engine.place(tensors)
    const step = engine.compile((params, batch, ctx) =>
      valueAndGradients((p, b) => model.loss(p, b, ctx), params, batch, ctx, names),
    )
    const actual = await step(placed, feeds)
    engine.dispose()

    const compared = golden.tensors.filter(
      ({ name: key }) => key === 'loss' || names.some((n) => key === gradientName(n)),
    )
    expect(compared.length).toBe(names.length + 1)
    const off = compared.flatMap(({ name: key, tolerance }) => {
      const { pass, worst } = compareTensor(actual[key], need(key), tolerance)
      return pass ? [] : [`${key}: ${worst}`]
    })
    expect(off).toEqual([])
  })
})
