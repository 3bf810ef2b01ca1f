import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ksic10Occurring, ksicScript } from '@kic/classification/ksic'
import { writeFileAtomic } from '@kic/core/node'
import { trainNgramModel } from '@kic/ngram'
import { packEnsemble, saveNgramFolder } from '@kic/predictor/node'
import { baseCard } from './base-card.ts'
import { calibrateModel } from './calibrate-model.ts'
import { evaluationTables } from './evaluation-tables.ts'
import type { BuildPlaces } from './places.ts'
import type { BaseSettings } from './settings.ts'
import { trainNetwork } from './train-network.ts'
import { trainingData } from './training-data.ts'
import { withOneThread } from './with-one-thread.ts'

const BAYES = 'naive-bayes'

/** Trains the members of the larger model, those that are not there yet, and packs them as an ensemble with its card. */
export const buildBase = async (settings: BaseSettings, { parts, model }: BuildPlaces): Promise<void> => {
  const { networks, bayes, preparation } = settings
  const data = trainingData(settings)
  const { short } = data
  await withOneThread(async (engine) => {
    for (const network of networks) {
      const folder = join(parts, network.name)
      if (!existsSync(folder))
        await trainNetwork(folder, {
          engine,
          settings: network,
          learned: data[network.texts],
          preparation,
        })
    }
  })
  if (!existsSync(join(parts, BAYES))) {
    console.log(`${BAYES}: learning ${short.texts.length} short texts`)
    const rows = short.texts.map((text, i) => ({ text, label: short.groups[i] ?? '' }))
    const notes = { classification: ksic10Occurring, script: ksicScript }
    await saveNgramFolder(join(parts, BAYES), {
      model: trainNgramModel(rows, { model: BAYES }),
      notes,
      preparation,
    })
  }
  await rm(model, { recursive: true, force: true })
  await packEnsemble(model, {
    space: 'log',
    members: [...networks, { name: BAYES, ...bayes }].map(({ name, weight, temperature }) => ({
      name,
      folder: join(parts, name),
      weight,
      temperature,
    })),
  })
  // The members' temperatures already calibrate the vote.
  await calibrateModel(model, 1)
  const card = baseCard(settings, short.texts.length, await evaluationTables(model))
  await writeFileAtomic(join(model, 'README.md'), card)
  console.log(card)
}
