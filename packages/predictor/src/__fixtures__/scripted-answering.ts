import { ksic10 } from '@kic/classification/ksic'
import { defaultPreparation } from '@kic/data/prepare'
import type { Answering } from '../answers/answering.ts'
import type { AnswerOptions } from '../answers/predict-options.ts'
import type { PredictorInfo } from '../answers/predictor-info.ts'

const info: PredictorInfo = {
  kind: 'model',
  name: 'scripted',
  models: [],
  levels: ['group'],
  classes: ['011'],
  classification: ksic10,
  preparation: defaultPreparation,
  warnings: [],
}

/** Answers '011' to every text, and records its calls. `wait` is awaited before each answer. */
export const scriptedAnswering = (
  wait: (texts: readonly string[], options: AnswerOptions) => Promise<unknown> = async () => undefined,
) => {
  const asked: { readonly texts: readonly string[]; readonly options: AnswerOptions }[] = []
  const answering: Answering = {
    info,
    answer: async (texts, options) => {
      asked.push({ texts, options })
      await wait(texts, options)
      return texts.map((text) => ({
        status: 'coded',
        text,
        codes: { group: { code: '011', name: '작물 재배업', confidence: 1 } },
        confidence: 1,
        top: [],
        truncated: false,
      }))
    },
    score: async (texts) => texts.map((text) => ({ text, logits: Float32Array.of(1), truncated: false })),
    dispose: async () => undefined,
  }
  return { answering, asked }
}
