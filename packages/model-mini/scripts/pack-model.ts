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
import { type Figures, kicEvaluate } from './kic-evaluate.ts'
import { modelCard } from './model-card.ts'
import type { MiniSettings } from './settings.ts'

/** Real index terms of the classification, if present: for measurements alone, never for training. */
const indexTerms = join(import.meta.dirname, '../../../../shared/data/ksic/dev.tsv')

/** Packs the published folder of a trained model: int8 ONNX, tokenizer, calibration and card. */
export const packModel = async (trained: string, folder: string, settings: MiniSettings): Promise<void> => {
  const { config, params } = await loadPretrained(trained, { head: ngramHead })
  await rm(folder, { recursive: true, force: true })
  const described = { ...config, kic: { head: ngramHead.name } }
  await writeFileAtomic(join(folder, 'config.json'), `${JSON.stringify(described, null, 2)}\n`)
  await saveTokenizer(folder, await loadTokenizer(trained))
  await savePreparation(folder, settings.preparation)
  await saveNotes(folder, { classification: ksic10, script: ksicScript })
  // tokenizer.json already has the vocabulary.
  await rm(join(folder, 'vocab.txt'), { force: true })
  await saveOnnx(folder, { model: sequenceClassifier(config, ngramHead), params }, { formats: ['int8'] })
  const figures: Record<string, Figures> = {
    'handwritten answers': await kicEvaluate(folder, ['--calibrate']),
  }
  if (existsSync(indexTerms)) {
    figures['index terms of the classification'] = await kicEvaluate(folder, [indexTerms])
  }
  const parameters = Object.values(params).reduce((sum, { data }) => sum + data.length, 0)
  const card = modelCard({ settings, parameters, figures })
  await writeFileAtomic(join(folder, 'README.md'), card)
  console.log(card)
}
