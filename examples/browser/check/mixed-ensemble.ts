import { join } from 'node:path'
import { labelsOf } from '@kic/classification'
import { defined } from '@kic/core'
import { generateRows } from '@kic/korean-answers'
import { type EvaluationRow, evaluationRows } from '@kic/korean-answers/evaluation'
import { modelFolder } from '@kic/model-mini'
import { trainNgramModel } from '@kic/ngram'
import { calibrate } from '@kic/predictor'
import {
  filesIn,
  loadPredictor,
  packEnsemble,
  readModelFolder,
  saveCalibration,
  saveExamples,
  saveNgramFolder,
} from '@kic/predictor/node'

/** Folders of an ensemble of a network and an n-gram model, and of the latter alone. */
export interface MixedEnsemble {
  readonly ensemble: string
  readonly ngrams: string
}

/** Packs the bundled network and a model of nearest neighbours into an ensemble, as `kic ensemble create` does. */
export const saveMixedEnsemble = async (folder: string): Promise<MixedEnsemble> => {
  const [ensemble, ngrams] = [join(folder, 'ensemble'), join(folder, 'ngrams')]
  const { notes } = await readModelFolder(filesIn(modelFolder))
  const rows = Array.from(generateRows({ rows: 4000, seed: 3, minPerGroup: 5 }), (row) => ({
    text: textOf(row),
    label: row.group,
  }))
  await saveNgramFolder(ngrams, {
    model: trainNgramModel(rows, { model: 'nearest' }),
    notes,
  })
  await packEnsemble(ensemble, {
    members: [
      { name: 'mini', folder: modelFolder },
      { name: 'nearest', folder: ngrams },
    ],
  })
  const labelled = evaluationRows.map(({ group, object, method, deal }) => ({
    text: textOf({ object, method, deal }),
    labels: labelsOf(notes.classification, 'group', group),
  }))
  // Halves of texts say less, so that sets of a higher coverage are larger.
  const halves = labelled.map((row) => ({ ...row, text: row.text.slice(0, Math.ceil(row.text.length / 2)) }))
  const predictor = await loadPredictor(ensemble)
  await saveCalibration(ensemble, await calibrate(predictor, halves, 'halves of hand-written rows'))
  await predictor.dispose()
  // Other texts than those of the neighbours, which would be shown without them.
  await saveExamples(
    ensemble,
    labelled.map(({ text, labels }) => ({ text, code: defined(labels.group) })),
  )
  return { ensemble, ngrams }
}

const textOf = ({ object, method, deal }: Pick<EvaluationRow, 'object' | 'method' | 'deal'>): string =>
  [object, method, deal].filter(Boolean).join(' ')
