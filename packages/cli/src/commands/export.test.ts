import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { savePreparation } from '@kic/data/node'
import { defaultPreparation } from '@kic/data/prepare'
import { selectEngine } from '@kic/engine'
import { hierarchicalFusion, robertaLevel } from '@kic/hierarchical-fusion'
import { saveFusion } from '@kic/hierarchical-fusion/node'
import { initialize, type Model } from '@kic/nn'
import { loadPredictor, packEnsemble, saveNotes } from '@kic/predictor/node'
import { createRobertaConfig, meanHead, type RobertaConfig, sequenceClassifier } from '@kic/roberta'
import { loadHead, savePretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { saveTokenizer } from '@kic/tokenizer/node'
import { KSIC_NOTES, saveTinyModel } from '@kic/tool-tiny-models'
import { createPredictor } from '@kic/trainer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
let tokenizer: Tokenizer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-export-'))
  tokenizer = await saveTinyModel(join(folder, 'plain'), KSIC_NOTES)
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}
const configOf = (labels: readonly string[]): RobertaConfig =>
  createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: 32,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 64,
    max_position_embeddings: 66,
    type_vocab_size: 1,
    initializer_range: 0.5,
    id2label: Object.fromEntries(labels.entries()),
  })
const groups = ['011', '453', '561', '951', '952']
const texts = ['쌀', '타이어 오일 교환', '음식점에서 국수 판매', '컴퓨터 수리']

const saveTexts = async (at: string): Promise<void> => {
  await saveTokenizer(at, tokenizer)
  await savePreparation(at, defaultPreparation)
  await saveNotes(at, { classification: KSIC_NOTES.classification, script: KSIC_NOTES.script })
}

/** The folder's model answers as the engine computes it, alone and as a member of an ensemble. */
const runsAs = async (
  path: string,
  { logits }: Pick<Model<RobertaConfig>, 'logits'>,
  params: HostTensors,
): Promise<void> => {
  const engine = await selectEngine('cpu')
  const run = createPredictor({ engine, forward: logits, padTokenId: 1 })
  const inputIds = texts.map((text) => tokenizer.encode(text))
  const expected = await run(engine.place(params), { inputIds })
  engine.dispose()
  const ensemble = `${path}-ensemble`
  await packEnsemble(ensemble, { members: [{ name: 'only', folder: path }] })
  for (const at of [path, ensemble]) {
    const predictor = await loadPredictor(at)
    expect(predictor.info.classes).toEqual(groups)
    const { logits: found } = await predictor.scores(texts)
    // An ensemble's scores are log-probabilities: the same but for a constant of each row.
    for (const [i, score] of found.entries()) {
      const start = i - (i % groups.length)
      const difference = (values: Float32Array): number => (values[i] ?? 0) - (values[start] ?? 0)
      expect(Math.abs(difference(found) - difference(expected.logits)), `${at} ${score}`).toBeLessThan(1e-3)
    }
    await predictor.dispose()
  }
}

it('exports a BiLSTM head, which runs as a network and in an ensemble', async () => {
  const path = join(folder, 'bilstm')
  const head = await loadHead('bilstm')
  const model = sequenceClassifier(configOf(groups), head)
  const params = initialize(model.parameters, 7)
  await savePretrained(path, { config: model.config, params, head }, { files: saveTexts })
  expect(await kic('export', path, '--format', 'float32')).toMatchObject({ code: 0 })
  await runsAs(path, model, params)
})

it('exports a fused classifier, which runs as a network and in an ensemble', async () => {
  const path = join(folder, 'fusion')
  const levels = {
    previous: { level: 'section', config: configOf(['A', 'G', 'I', 'S']) },
    present: { level: 'group', config: configOf(groups) },
  }
  const model = hierarchicalFusion({
    config: levels.present.config,
    head: meanHead,
    previous: robertaLevel('section', levels.previous.config),
    present: robertaLevel('group', levels.present.config),
  })
  const params = initialize(model.parameters, 3)
  await saveFusion(path, levels, { head: 'mean', params }, saveTexts)
  const exported = await kic('export', path, '--format', 'float32', '--json')
  expect([exported.code, JSON.parse(exported.out).files]).toEqual([
    0,
    [join(path, 'onnx', 'model.onnx'), join(path, 'config.json')],
  ])
  await runsAs(path, model, params)
  // transformers would load it with random weights if it were called roberta.
  expect(JSON.parse(await readFile(join(path, 'config.json'), 'utf8')).model_type).toBe('kic-roberta-fusion')
  // Its config.json does not make it a plain classifier.
  expect(await kic('export', path, '--format', 'int8')).toMatchObject({ code: 0 })
  expect((await kic('predict', '-m', path, '쌀')).code).toBe(0)
})
