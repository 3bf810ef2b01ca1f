import { selectEngine } from '@kic/engine'
import { saveSafetensors } from '@kic/nn/node'
import { createPredictor, train } from '../index.ts'
import { folderCheckpoints } from '../node.ts'
import { tinyBatches, tinyLogits, tinyLoss, tinyParams, tinyRows } from './tiny-task.ts'

/** A run with everything that has state. Prints a line once it trains; leaves its parameters in `final.safetensors`. */
const [folder = '', resumable] = process.argv.slice(2)
const engine = await selectEngine('compiled')
const rows = tinyRows(200, 1)
const predict = createPredictor({ engine, forward: tinyLogits, padTokenId: 1 })
const result = await train({
  engine,
  params: tinyParams(),
  loss: tinyLoss,
  optimizer: { kind: 'adamw', maxGradNorm: 1 },
  learningRate: 0.02,
  schedule: { kind: 'cosine', warmupSteps: 3 },
  batches: tinyBatches(rows, 5),
  epochs: 4,
  seed: 5,
  weightAverage: { decay: 0.9 },
  evaluate: {
    run: async (params) => ({ mean: (await predict(params, rows)).logits.reduce((a, b) => a + b, 0) }),
    every: { everySteps: 5 },
    best: { metric: 'mean', mode: 'max' },
  },
  ...(resumable === undefined
    ? {}
    : { checkpoints: { store: folderCheckpoints(folder), every: { everySteps: 2 }, resume: true } }),
  callbacks: [{ onStart: ({ step }) => console.log(step) }],
})
const { best } = result
await saveSafetensors(`${folder}/final.safetensors`, {
  ...(await result.params.read()),
  ...Object.fromEntries(Object.entries(result.averaged ?? {}).map(([name, t]) => [`averaged.${name}`, t])),
  ...Object.fromEntries(Object.entries((await best?.load()) ?? {}).map(([name, t]) => [`best.${name}`, t])),
})
engine.dispose()
