import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { writeFileAtomic } from '@kic/core/node'
import { savePreparation } from '@kic/data/node'
import { saveNotes } from '@kic/predictor/node'
import { ngramHead, sequenceClassifier } from '@kic/roberta'
import { loadPretrained, saveOnnx } from '@kic/roberta/node'
import { loadTokenizer, saveTokenizer } from '@kic/tokenizer/node'
import { calibrateModel } from './calibrate-model.ts'
import { evaluationTables } from './evaluation-tables.ts'
import { miniCard } from './mini-card.ts'
import { type BuildPlaces, placesOf } from './places.ts'
import type { MiniSettings } from './settings.ts'
import { splicedTexts } from './spliced-texts.ts'
import { trainNetwork } from './train-network.ts'
import { trainingData } from './training-data.ts'
import { withOneThread } from './with-one-thread.ts'

/**
 * Trains the smaller model by the published larger one, if it is not there yet, and packs it with its card: int8 ONNX and what
 * transformers.js reads.
 */
export const buildMini = async (
  settings: MiniSettings,
  { parts, model: folder }: BuildPlaces,
): Promise<void> => {
  const { network, preparation, temperature } = settings
  const { answers, short } = trainingData(settings)
  const spliced = splicedTexts(short, settings.spliced)
  const trained = join(parts, 'network')
  if (!existsSync(trained)) {
    const teacher = { folder: placesOf('base').model, unlabelled: [...spliced, ...new Set(answers.texts)] }
    await withOneThread((engine) =>
      trainNetwork(trained, { engine, settings: network, learned: short, preparation, teacher }),
    )
  }
  const { config, params } = await loadPretrained(trained, { head: ngramHead })
  await rm(folder, { recursive: true, force: true })
  const described = { ...config, kic: { head: ngramHead.name } }
  await writeFileAtomic(join(folder, 'config.json'), `${JSON.stringify(described, null, 2)}\n`)
  await saveTokenizer(folder, await loadTokenizer(trained))
  await savePreparation(folder, preparation)
  await saveNotes(folder, { classification: ksic10, script: ksicScript })
  // tokenizer.json already has the vocabulary.
  await rm(join(folder, 'vocab.txt'), { force: true })
  await saveOnnx(folder, { model: sequenceClassifier(config, ngramHead), params }, { formats: ['int8'] })
  await calibrateModel(folder, temperature)
  const parameters = Object.values(params).reduce((sum, { data }) => sum + data.length, 0)
  const card = miniCard(settings, {
    parameters,
    short: short.texts.length,
    spliced: spliced.length,
    accuracy: await evaluationTables(folder),
  })
  await writeFileAtomic(join(folder, 'README.md'), card)
  console.log(card)
}
