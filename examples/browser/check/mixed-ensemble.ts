import { join } from 'node:path'
import { generateRows } from '@kic/korean-answers'
import { modelFolder } from '@kic/model-mini'
import { trainNgramModel } from '@kic/ngram'
import { filesIn, packEnsemble, readModelFolder, saveNgramFolder } from '@kic/predictor/node'

/** Folders of an ensemble of a network and an n-gram model, and of the latter alone. */
export interface MixedEnsemble {
  readonly ensemble: string
  readonly ngrams: string
}

/** Packs the bundled network and naive Bayes into an ensemble, as `kic ensemble create` does. */
export const saveMixedEnsemble = async (folder: string): Promise<MixedEnsemble> => {
  const [ensemble, ngrams] = [join(folder, 'ensemble'), join(folder, 'ngrams')]
  const { notes } = await readModelFolder(filesIn(modelFolder))
  const rows = Array.from(generateRows({ rows: 4000, seed: 3, minPerGroup: 5 }), (row) => ({
    text: [row.object, row.method, row.deal].filter(Boolean).join(' '),
    label: row.group,
  }))
  await saveNgramFolder(ngrams, {
    model: trainNgramModel(rows, { model: 'naive-bayes' }),
    notes,
  })
  await packEnsemble(ensemble, {
    members: [
      { name: 'mini', folder: modelFolder },
      { name: 'naive-bayes', folder: ngrams },
    ],
  })
  return { ensemble, ngrams }
}
