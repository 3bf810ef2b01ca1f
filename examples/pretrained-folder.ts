// Pretrains a small encoder on texts without labels, saves it as a folder, and trains a classifier that starts from it.
// The labelled rows know four words of each topic. The pretrained classifier also understands the other ten.

import { startingEncoder, trainClassifier } from '@kic/classifier'
import { createRandom } from '@kic/core'
import { savePreparation } from '@kic/data/node'
import { defaultPreparation } from '@kic/data/prepare'
import { selectEngine } from '@kic/engine'
import { savePretrained } from '@kic/roberta/node'
import { fromScratchTapt, tapt } from '@kic/tapt'
import { saveTokenizer } from '@kic/tokenizer/node'

const topics = {
  sport: 'striker goal league keeper penalty stadium coach match referee trophy defender sprint medal racket',
  politics: 'senate vote treaty minister mayor election party law tax embassy congress reform ballot veto',
  science:
    'planet enzyme fossil neuron orbit telescope protein atom molecule galaxy theory genome laser comet',
}
const random = createRandom(1)
const pick = (from: readonly string[]) => random.pick(from)
const sentences = (count: number, known: number) =>
  Array.from({ length: count }, () => {
    const [label, all] = Object.entries(topics)[random.int(3)] ?? ['sport', topics.sport]
    const words = all.split(' ').slice(0, known)
    return { text: `the ${pick(words)} and a ${pick(words)}, the ${pick(words)} or a ${pick(words)}`, label }
  })
const texts = sentences(3_000, 14).map(({ text }) => text)
const [training, test] = [sentences(90, 4), sentences(300, 14)]

const sizes = { vocabulary: 400, hidden: 64, layers: 1, heads: 2, maxLength: 24, initializerRange: 0.06 }
const { tokenizer, config } = await startingEncoder({ texts, sizes })
const engine = await selectEngine('auto')
const preset = { ...fromScratchTapt, epochs: 6, learningRate: 3e-3 }
const heldOut = texts.splice(0, 300)
const { encoder, evaluations } = await tapt({ engine, config, tokenizer, texts, heldOut, preset, seed: 1 })
for (const { epoch, perplexity } of evaluations)
  console.log(`epoch ${epoch}: perplexity ${perplexity.toFixed(1)}`)

const folder = 'runs/pretrained'
const files = async (at: string) => {
  await saveTokenizer(at, tokenizer)
  await savePreparation(at, defaultPreparation)
}
await savePretrained(folder, { config, params: encoder }, { files })

for (const from of [undefined, folder]) {
  const options = { encoder: sizes, epochs: 30, batchSize: 16, learningRate: 2e-3, validationRows: test }
  const output = from === undefined ? 'runs/from-scratch' : 'runs/fine-tuned'
  const { report } = await trainClassifier(training, { ...options, output, from, engine, progress: 'none' })
  console.log(`${output}: accuracy ${report.levels.label?.accuracy.toFixed(3)} on ${report.rows} sentences`)
}
engine.dispose()
