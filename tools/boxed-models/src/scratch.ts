import { ksic10, ksic10Occurring, ksicScript } from '@kic/classification/ksic'
import { defaultPreparation } from '@kic/data/prepare'
import { selectEngine } from '@kic/engine'
import { trainNgramModel } from '@kic/ngram'
import { saveNgramFolder } from '@kic/predictor/node'
import { composedAnswers, shortTexts } from './learned-texts.ts'
import { trainNetwork } from './train-network.ts'

const [what] = process.argv.slice(2)
const short = shortTexts(5, defaultPreparation)
console.log('short', short.texts.length)
const out = '/work/main/runs/boxed'
if (what === 'nb') {
  const t = performance.now()
  const model = trainNgramModel(
    short.texts.map((text, i) => ({ text, label: short.groups[i] ?? '' })),
    { model: 'naive-bayes' },
  )
  console.log('nb', Math.round((performance.now() - t) / 1000), 's')
  await saveNgramFolder(`${out}/bayes`, {
    model,
    notes: { classification: ksic10Occurring, script: ksicScript },
  })
} else {
  const rows = composedAnswers(
    { rows: 900_000, seed: 1, balance: 0.35, singleField: 0.3, minPerGroup: 40, repeats: 0 },
    defaultPreparation,
  )
  const learned = { texts: [...rows.texts, ...short.texts], groups: [...rows.groups, ...short.groups] }
  const common = {
    vocabulary: 4000,
    layers: 1,
    heads: 2,
    epochs: 1,
    batchSize: 64,
    learningRate: 1.5e-3,
    initializerRange: 0.06,
    maxLength: 64,
  }
  const engine = await selectEngine('compiled', { session: { intraOpNumThreads: 1 } })
  const settings =
    what === 'a'
      ? { ...common, seed: 1, hidden: 64, ngramSizes: [1, 2, 3, 4], ngramBuckets: 131_071, ngramDropout: 0.2 }
      : {
          ...common,
          seed: 2,
          hidden: 64,
          ngramSizes: [1, 2, 3, 4, 5],
          ngramBuckets: 131_071,
          ngramDropout: 0.3,
        }
  await trainNetwork(`${out}/${what}`, {
    engine,
    settings,
    learned,
    preparation: defaultPreparation,
    label: what,
  })
}
