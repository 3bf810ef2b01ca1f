import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { defined } from '@kic/core'
import { trainNgramModel } from '@kic/ngram'
import type { LabelledText, Predictor } from '@kic/predictor'
import { loadPredictor, saveNgramFolder } from '@kic/predictor/node'

/** A model with its scores of rows that it was not trained on, so that it can be calibrated often. */
export interface JudgedModel {
  /** Its `scores` are looked up; it knows only texts of the rows. */
  readonly predictor: Predictor
  /** Rows that the model can use. */
  readonly rows: readonly LabelledText[]
}

/** Trains a model of character n-grams on some rows, and scores others. */
export const judgedNgrams = async (
  model: 'naive-bayes' | 'nb-svc',
  training: readonly LabelledText[],
  held: readonly LabelledText[],
): Promise<JudgedModel> => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-bench-promises-'))
  try {
    const lessons = training.map(({ text, labels }) => ({ text, label: labels.group ?? '' }))
    await saveNgramFolder(folder, {
      model: trainNgramModel(lessons, { model }),
      notes: { classification: ksic10, script: ksicScript },
    })
    return await judged(await loadPredictor(folder), held)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Scores rows, and frees the model. */
export const judged = async (predictor: Predictor, held: readonly LabelledText[]): Promise<JudgedModel> => {
  const { logits, classes, usable, reasons } = await predictor.scores(held.map(({ text }) => text))
  const rows = held.filter((_, i) => usable[i])
  await predictor.dispose()
  const places = new Map(held.map(({ text }, i) => [text, i]))
  const scores: Predictor['scores'] = async (texts) => {
    const found = texts.map((text) => defined(places.get(text)))
    const chosen = new Float32Array(texts.length * classes)
    for (const [at, i] of found.entries())
      chosen.set(logits.subarray(i * classes, (i + 1) * classes), at * classes)
    return {
      logits: chosen,
      classes,
      usable: found.map((i) => usable[i] === true),
      reasons: found.map((i) => reasons[i]),
    }
  }
  return { predictor: { ...predictor, scores }, rows }
}
