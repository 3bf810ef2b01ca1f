import { type NgramModelOptions, readNgramModel, trainNgramModel } from '@kic/ngram'
import { encodeSafetensors, readSafetensors } from '@kic/safetensors'
import fc from 'fast-check'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'

const ROWS = [
  ['쌀 재배', '011'],
  ['논에서 벼', '011'],
  ['국수 판매', '561'],
  ['김치찌개 음식점', '561'],
  ['half \ud83d of a pair', '952'],
  ['자동차 수리', '952'],
].map(([text = '', label = '']) => ({ text, label }))

const MODELS: readonly NgramModelOptions[] = [
  { model: 'linear-svc' },
  { model: 'nb-svc', longest: 2 },
  { model: 'logistic-regression', longest: 2 },
  { model: 'naive-bayes' },
  { model: 'nearest' },
]

const fileOf = (options: NgramModelOptions): Uint8Array => {
  const { tensors, settings } = trainNgramModel(ROWS, options)
  const metadata = { format: 'kic-ngram', version: '3', settings: JSON.stringify(settings) }
  return new Uint8Array(Buffer.concat([...encodeSafetensors(tensors, metadata)]))
}

/** Files of n-gram models with something done to header, numbers or n-grams: what is read scores every text with numbers. */
export const ngram: Target = {
  name: 'ngram',
  inputs: async () => {
    const files = MODELS.map(fileOf)
    const whole = files.map((file) => mutation(file.length).map((mutate) => mutate(file)))
    // Behind a sound header.
    const tensors = files.map((file) => {
      const start = 8 + Number(new DataView(file.buffer).getBigUint64(0, true))
      return fc
        .array(fc.tuple(fc.integer({ min: start, max: file.length - 1 }), fc.nat(255)), {
          minLength: 1,
          maxLength: 8,
        })
        .map((changes) => {
          const changed = file.slice()
          for (const [at, byte] of changes) changed[at] = byte
          return changed
        })
    })
    return fc.oneof(...whole, ...tensors)
  },
  check: (bytes) =>
    judge(bytes.length, async () => {
      const model = readNgramModel(bytes)
      const texts = ['쌀', '자동차 국수', 'half \ud83d', '', 'x'.repeat(500)]
      const scores = model.scores(texts)
      if (scores.length !== texts.length * model.settings.labels.length || scores.some(Number.isNaN))
        throw new Error(`it scores [${scores}]`)
      model.predict(texts)
      for (const text of texts) model.knows(text)
      const { tensors } = readSafetensors(bytes)
      return { bytes: Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0) }
    }),
}
