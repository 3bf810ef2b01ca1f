import { trainClassifier } from '../index.ts'
import { newsRows } from './news.ts'
import { newsTraining } from './news-training.ts'

/** Trains into the folder of the first argument, and prints each step. */
await trainClassifier(newsRows(240, 1), {
  ...newsTraining,
  output: process.argv[2] ?? '',
  evaluate: { best: { metric: 'loss', mode: 'min' } },
  callbacks: [{ onStep: ({ step }) => void process.stdout.write(`step ${step}\n`) }],
})
