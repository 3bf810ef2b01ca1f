import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { evaluationRows, joinFields, ksic10, ksic10Occurring, labelsOf } from '@kic/data'
import { calibrate, type LabelledText, NOTES_FILE, notesJson } from '@kic/predictor'
import { loadPredictor } from '@kic/predictor/node'
import { meanHead, sequenceClassifier } from '@kic/roberta'
import { loadPretrained, saveOnnx } from '@kic/roberta/node'
import { loadTokenizer, saveTokenizer } from '@kic/tokenizer/node'
import { evaluateRows, type Figures } from './evaluate-rows.ts'
import { modelCard } from './model-card.ts'
import type { MiniSettings } from './settings.ts'

/** Makes the published folder of a trained model: int8 ONNX, tokenizer, calibration and card. */
export const packModel = async (trained: string, folder: string, settings: MiniSettings): Promise<void> => {
  const { config, params } = await loadPretrained(trained)
  await rm(folder, { recursive: true, force: true })
  await writeFileAtomic(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`)
  await saveTokenizer(folder, await loadTokenizer(trained))
  // The vocabulary stands in tokenizer.json already.
  await rm(join(folder, 'vocab.txt'))
  await saveOnnx(folder, { model: sequenceClassifier(config, meanHead), params }, { formats: ['int8'] })
  const handWritten = evaluationRows.map((answer) => ({
    text: joinFields(answer),
    labels: labelsOf(ksic10Occurring, 'group', answer.group),
  }))
  const raw = await loadPredictor(folder)
  const calibration = await calibrate(
    raw,
    handWritten,
    `the ${handWritten.length} answers of @kic/data written by hand`,
  )
  await raw.dispose()
  const notes = notesJson({ hierarchy: ksic10, script: 'Hangul', calibration })
  await writeFileAtomic(join(folder, NOTES_FILE), `${JSON.stringify(notes)}\n`)
  const predictor = await loadPredictor(folder)
  const dev = await indexTerms()
  const figures: Record<string, Figures> = {
    'answers written by hand': await evaluateRows(predictor, handWritten),
    ...(dev === undefined ? {} : { 'index terms of the classification': await evaluateRows(predictor, dev) }),
  }
  const expectations = [0, 0.5, 0.7, 0.9].map((threshold) => predictor.expectation(threshold))
  await predictor.dispose()
  const parameters = Object.values(params).reduce((sum, { data }) => sum + data.length, 0)
  const card = modelCard({
    settings,
    parameters,
    figures,
    expectations: expectations.filter((e) => e !== undefined),
  })
  await writeFileAtomic(join(folder, 'README.md'), card)
  console.log(card)
}

/** Where present, real index terms of the classification: only measured on, never learned from. */
const indexTerms = async (): Promise<readonly LabelledText[] | undefined> => {
  const path = join(import.meta.dirname, '../../../../shared/data/ksic/dev.tsv')
  if (!existsSync(path)) return undefined
  const [, ...lines] = (await readFile(path, 'utf8')).trim().split('\n')
  return lines.map((line) => {
    const [text = '', , , group = ''] = line.split('\t')
    return { text, labels: labelsOf(ksic10, 'group', group) }
  })
}
