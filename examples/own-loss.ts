// Trains with a loss function of its own: mistakes have prices, and the classifier learns to avoid the expensive ones.

import { type ClassifierLoss, trainClassifier } from '@kic/classifier'
import { createRandom } from '@kic/core'
import { crossEntropy } from '@kic/losses'
import * as tf from '@tensorflow/tfjs'

// Reports of tenants, and how often each turns out to be dangerous.
const risks = {
  'a smell of gas': 0.95,
  'sparks from a socket': 0.9,
  'a hissing noise': 0.3,
  'a flickering light': 0.2,
  'a dripping tap': 0.02,
  'a scratched door': 0,
}
const rooms = ['kitchen', 'bathroom', 'cellar', 'hall', 'attic', 'garage']
const random = createRandom(1)
const reports = (count: number) =>
  Array.from({ length: count }, () => {
    const [sign = '', risk = 0] = Object.entries(risks)[random.int(6)] ?? []
    const label = random.next() < risk ? 'danger' : 'harmless'
    return { text: `there is ${sign} in the ${rooms[random.int(rooms.length)]}`, label }
  })
const [training, validationRows] = [reports(900), reports(600)]

// Classes are numbered in alphabetical order: danger is 0, harmless is 1. Rows are labels, columns are answers.
const [missedDanger, falseAlarm] = [10, 1]
const prices = [
  [0, missedDanger],
  [falseAlarm, 0],
]

// Cross-entropy, plus the expected price of an answer drawn from the softmax. It runs compiled, like every loss.
const pricedLoss: ClassifierLoss = (logits, labels) => {
  const label = tf.oneHot(labels.cast('int32'), 2).cast('float32') // [B, C]; zeros in rows that do not count
  const price = label.matMul(tf.tensor2d(prices)) // [B, C]
  const expected = logits.softmax().mul(price).sum().div(label.sum().maximum(1))
  return crossEntropy(logits, labels).add(expected).asScalar()
}

for (const [name, loss] of Object.entries({ 'cross-entropy': crossEntropy, priced: pricedLoss })) {
  const { report } = await trainClassifier(training, {
    output: `runs/own-loss/${name}`,
    loss,
    validationRows,
    encoder: { vocabulary: 200, hidden: 32, layers: 1 },
    epochs: 6,
    batchSize: 32,
    learningRate: 5e-3,
    progress: 'none',
  })
  const wrong = (actual: string) =>
    report.confusions.find((confusion) => confusion.actual === actual)?.rows ?? 0
  const [missed, alarms] = [wrong('danger'), wrong('harmless')]
  const total = missed * missedDanger + alarms * falseAlarm
  console.log(`${name}: ${missed} dangers missed, ${alarms} false alarms, total price ${total}`)
}
