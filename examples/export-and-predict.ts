// Trains a classifier, exports it as ONNX files, and predicts with @kic/predictor alone: no TensorFlow.js, as on a server.

import { stat } from 'node:fs/promises'
import { trainClassifier } from '@kic/classifier'
import { loadPredictor } from '@kic/predictor/node'

const words = {
  sport: ['striker', 'goal', 'league', 'keeper', 'penalty', 'stadium', 'coach', 'match'],
  politics: ['senate', 'vote', 'treaty', 'minister', 'mayor', 'election', 'party', 'law'],
  science: ['planet', 'enzyme', 'fossil', 'neuron', 'orbit', 'telescope', 'protein', 'atom'],
}
const rows = Object.entries(words).flatMap(([label, own]) =>
  own.flatMap((a) => own.map((b) => ({ text: `the ${a} and the ${b} of the week`, label }))),
)
const files = { float32: 'model.onnx', float16: 'model_fp16.onnx', int8: 'model_quantized.onnx' } as const
const precisions = ['float32', 'float16', 'int8'] as const

const { folder } = await trainClassifier(rows, {
  output: 'runs/exported',
  export: [...precisions],
  encoder: { vocabulary: 200, hidden: 64, layers: 2 },
  epochs: 6,
  batchSize: 16,
  learningRate: 3e-3,
  progress: 'none',
})

// From here on, the folder and @kic/predictor are enough: copy the folder to where the texts are.
const texts = ['The striker scored twice', 'A vote on the treaty', 'The planet and the goal']
const many = Array.from({ length: 5_000 }, (_, i) => `${texts[i % texts.length]}, part ${i}`)

for (const precision of precisions) {
  const predictor = await loadPredictor(folder, { precision })
  const start = performance.now()
  let coded = 0
  for await (const { status } of predictor.stream(many)) if (status === 'coded') coded++
  const rate = Math.round((1000 * coded) / (performance.now() - start))
  const { size } = await stat(`${folder}/onnx/${files[precision]}`)
  console.log(`${precision}: ${Math.round(size / 1024)} KiB, ${rate} texts a second`)
  for (const answer of await predictor.predict(texts, { topK: 2 })) {
    if (answer.status === 'unusable') throw new Error(answer.reason)
    const candidates = answer.top.map(({ code, confidence }) => `${code} ${(100 * confidence).toFixed(1)} %`)
    console.log(`  ${answer.text}: ${candidates.join(', ')}`)
  }
  await predictor.dispose()
}
