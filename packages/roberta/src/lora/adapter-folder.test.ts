import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isKicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { standardHead } from '../standard-head.ts'
import { config, everywhere, moved } from './__fixtures__/tiny-lora.ts'
import { loadAdapter } from './load-adapter.ts'
import { lora } from './lora.ts'
import { isFrozenByLora, loraParameters } from './lora-parameters.ts'
import { saveAdapter } from './save-adapter.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-adapter-'))
})
afterEach(() => rm(folder, { recursive: true }))

const trained = Object.fromEntries(Object.entries(moved).filter(([name]) => !isFrozenByLora(name)))
const save = () =>
  saveAdapter(folder, { config, lora: everywhere, params: moved, base: 'klue/roberta-large' })
const load = () => loadAdapter(folder, { config, head: standardHead })
const refusal = expect.objectContaining({ code: 'roberta/adapter' })
const configFile = () => join(folder, 'adapter_config.json')
const weightsFile = () => join(folder, 'adapter_model.safetensors')
const readConfig = async () => JSON.parse(await readFile(configFile(), 'utf8'))
const changeConfig = async (more: object) =>
  writeFile(configFile(), JSON.stringify({ ...(await readConfig()), ...more }))
const changeWeights = async (change: (tensors: Record<string, HostTensor>) => void) => {
  const tensors: Record<string, HostTensor> = { ...(await loadSafetensors(weightsFile())).tensors }
  change(tensors)
  await saveSafetensors(weightsFile(), tensors)
}
const QUERY = 'base_model.model.roberta.encoder.layer.0.attention.self.query.lora_A.weight'

describe('an adapter’s folder', () => {
  it('gives back what was saved, without the weights of the base model', async () => {
    await save()
    expect(await load()).toEqual({ lora: everywhere, params: trained, base: 'klue/roberta-large' })
  })

  it('has the names and keys of PEFT', async () => {
    await save()
    expect(await readConfig()).toMatchObject({
      peft_type: 'LORA',
      task_type: 'SEQ_CLS',
      base_model_name_or_path: 'klue/roberta-large',
      r: 3,
      lora_alpha: 5,
      lora_dropout: 0,
      bias: 'none',
      modules_to_save: ['classifier'],
    })
    const names = Object.keys((await loadSafetensors(weightsFile())).tensors)
    expect(names).toHaveLength(2 * 2 * 6 + 4)
    expect(names).toContain(QUERY)
    expect(names).toContain('base_model.model.classifier.out_proj.bias')
  })

  // PEFT: `key == target or key.endswith("." + target)`.
  it.each([
    [
      ['query', 'value'],
      ['attention.self.query', 'attention.self.value'],
    ],
    [['output'], ['output.dense']],
    [
      ['attention-output', 'intermediate'],
      ['attention.output.dense', 'intermediate.dense'],
    ],
  ] as const)('names the target modules of %o so that PEFT finds those alone', async (targets, modules) => {
    await saveAdapter(folder, { config, lora: lora({ rank: 2, targets }), params: {} })
    const { target_modules: written } = await readConfig()
    const every = [
      'attention.self.query',
      'attention.self.key',
      'attention.self.value',
      'attention.output.dense',
      'intermediate.dense',
      'output.dense',
    ].flatMap((module) =>
      [0, 1].map((layer) => ({ module, key: `roberta.encoder.layer.${layer}.${module}` })),
    )
    const found = every.filter(({ key }) =>
      written.some((target: string) => key === target || key.endsWith(`.${target}`)),
    )
    expect(new Set(found.map(({ module }) => module))).toEqual(new Set(modules))
    expect(found).toHaveLength(2 * modules.length)
  })

  it('reads adapters of a bare encoder, in half precision, with a pattern of targets', async () => {
    const low = lora({ rank: 1, alpha: 1, targets: ['key'] })
    const specs = loraParameters(low, config, { prefix: 'base_model.model.' })
    const tensors: HostTensors = Object.fromEntries(
      specs.map(({ name, shape }) => [
        name,
        {
          dtype: 'float32' as const,
          shape: [...shape],
          data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5),
        },
      ]),
    )
    await saveSafetensors(weightsFile(), tensors)
    await writeFile(
      configFile(),
      JSON.stringify({
        peft_type: 'LORA',
        r: 1,
        lora_alpha: 1,
        target_modules: '.*key',
        rank_pattern: {},
        alpha_pattern: {},
        use_dora: false,
        layer_replication: null,
        some_later_key: [1],
      }),
    )
    const loaded = await loadAdapter(folder, { config })
    expect(loaded.lora).toEqual(low)
    expect(Object.keys(loaded.params)).toEqual(loraParameters(low, config).map(({ name }) => name))
  })
})

describe('loadAdapter refuses', () => {
  beforeEach(save)

  it.each([
    { peft_type: 'IA3' },
    { r: 0 },
    { r: 1e9 },
    { r: 4 },
    { lora_alpha: -1 },
    { lora_dropout: 1 },
    { bias: 'all' },
    { use_dora: true },
    { use_rslora: true },
    { rank_pattern: { query: 4 } },
    { fan_in_fan_out: true },
  ])('a config with %o', async (more) => {
    await changeConfig(more)
    await expect(load()).rejects.toThrow(refusal)
  })

  it.each(['', '[]', 'null', '{"r": 8}'])('the config %j', async (text) => {
    await writeFile(configFile(), text)
    await expect(load()).rejects.toThrow(refusal)
  })

  it('a folder without a config, and a huge one', async () => {
    await writeFile(configFile(), ' '.repeat(2 ** 20 + 1))
    await expect(load()).rejects.toThrow(refusal)
    await rm(configFile())
    await expect(load()).rejects.toThrow(refusal)
  })

  it.each<[string, (tensors: Record<string, HostTensor>) => void]>([
    ['a missing adapter', (tensors) => delete tensors[QUERY]],
    ['a missing head', (tensors) => delete tensors['base_model.model.classifier.dense.bias']],
    [
      'no adapters',
      (tensors) => {
        for (const name of Object.keys(tensors)) if (name.includes('lora_')) delete tensors[name]
      },
    ],
    [
      'a layer that the model lacks',
      (tensors) => {
        tensors[QUERY.replace('layer.0', 'layer.7')] = tensors[QUERY] as HostTensor
      },
    ],
    [
      'another tensor',
      (tensors) => {
        tensors['base_model.model.roberta.embeddings.word_embeddings.weight'] = tensors[QUERY] as HostTensor
      },
    ],
    [
      'a reserved name',
      (tensors) => {
        Object.assign(tensors, { constructor: tensors[QUERY] })
      },
    ],
    [
      'another shape',
      (tensors) => {
        tensors[QUERY] = { dtype: 'float32', shape: [8, 3], data: new Float32Array(24) }
      },
    ],
    [
      'integers',
      (tensors) => {
        tensors[QUERY] = { dtype: 'int32', shape: [3, 8], data: new Int32Array(24) }
      },
    ],
  ])('weights with %s', async (_, change) => {
    await changeWeights(change)
    await expect(load()).rejects.toThrow(refusal)
  })

  it('the adapter of a larger model', async () => {
    await expect(
      loadAdapter(folder, { config: { ...config, num_hidden_layers: 3 }, head: standardHead }),
    ).rejects.toThrow(refusal)
    await expect(
      loadAdapter(folder, { config: { ...config, hidden_size: 16 }, head: standardHead }),
    ).rejects.toThrow(refusal)
  })

  it('damaged files with a KicError, or loads the same shapes', async () => {
    const files = await Promise.all([readFile(configFile()), readFile(weightsFile())])
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        async (weights, at, byte) => {
          const [whole, path] = weights ? [files[1], weightsFile()] : [files[0], configFile()]
          const damaged = Buffer.from(whole)
          // The header, where a change matters, is a third of the weights.
          damaged[at % Math.min(damaged.length, 4000)] = byte
          await writeFile(path, damaged)
          try {
            const { params } = await load()
            expect(Object.keys(params).sort()).toEqual(Object.keys(trained).sort())
          } catch (error) {
            if (!isKicError(error)) throw error
          }
          await writeFile(path, whole)
        },
      ),
      { numRuns: 150 },
    )
  })
})
