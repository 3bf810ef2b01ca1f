// Trains a classifier on labels of your own, tests it on sentences it has not seen, and answers new messages.

import { describeReport, evaluateClassifier, loadClassifier, trainClassifier } from '@kic/classifier'

// Customers' messages by who answers them. Any labels and any language work the same way; `loadRows` of @kic/data/node
// reads them from CSV, XLSX or Parquet.
const things = {
  billing: ['invoice', 'refund', 'payment', 'receipt', 'card'],
  delivery: ['parcel', 'courier', 'box', 'tracking number', 'address'],
  account: ['password', 'login', 'profile', 'user name', 'address'], // an address may be either
}
const problems = ['is wrong', 'is missing', 'does not work', 'was changed', 'is late', 'came twice']
const openings = ['hello,', 'hi there,', 'good morning,', 'sorry, but', 'as I said,', 'once more:']
const closings = ['', 'again', 'since Monday', 'please help', 'what can I do?', 'thank you']

const messages = Object.entries(things).flatMap(([label, names]) =>
  names.flatMap((name, n) =>
    problems.flatMap((problem, p) =>
      openings.map((opening, o) => ({
        text: `${opening} my ${name} ${problem} ${closings[(n + p + o) % closings.length]}`,
        label,
        unseen: (n + p) % 6 === 0, // this thing with this problem is kept for the test
      })),
    ),
  ),
)
const training = messages.filter(({ unseen }) => !unseen).map(({ text, label }) => ({ text, label }))
const test = messages.filter(({ unseen }) => unseen).map(({ text, label }) => ({ text, label }))

// A small encoder learns this in seconds. The defaults suit some thousand rows.
const { folder, report } = await trainClassifier(training, {
  output: 'runs/own-labels',
  encoder: { vocabulary: 300, hidden: 32, layers: 1 },
  epochs: 6,
  batchSize: 16,
  learningRate: 5e-3,
})
console.log(describeReport(report))

const { rows, levels } = await evaluateClassifier(folder, test)
console.log(`accuracy on ${rows} sentences it has not seen: ${levels.label?.accuracy.toFixed(3)}\n`)

const classifier = await loadClassifier(folder)
const questions = ['Where is my parcel?', 'My address is wrong', '???']
for (const answer of await classifier.predict(questions, { reviewBelow: 0.9 })) {
  if (answer.status === 'unusable') console.log(`${answer.text}  unusable: ${answer.reason}`)
  else {
    const candidates = answer.top.map(({ code, confidence }) => `${code} ${(100 * confidence).toFixed(0)} %`)
    console.log(`${answer.text}  ${answer.status}: ${candidates.join(', ')}`)
  }
}
await classifier.dispose()
