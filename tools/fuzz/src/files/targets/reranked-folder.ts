import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { flatClassification } from '@kic/classification'
import { trainNgramModel } from '@kic/ngram'
import { loadPredictor, packReranker, saveNgramFolder } from '@kic/predictor/node'
import { saveTinyModel } from '@kic/tool-tiny-models'
import fc from 'fast-check'
import { mutatedJson } from '../json-mutations.ts'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'

const FILE = 'rerank.json'
const ROWS = [
  { text: '쌀 재배', label: '농사' },
  { text: '국수 판매', label: '음식점' },
  { text: '타이어 교환', label: '수리' },
]

/** A re-ranked model with a mutated `rerank.json`: what loads answers with probabilities. */
export const rerankedFolder: Target = {
  name: 'reranked-folder',
  inputs: async (folder) => {
    const labels = ROWS.map(({ label }) => label)
    const [retriever, pairs, sound] = ['retriever', 'pairs', 'sound'].map((name) => join(folder, name))
    if (retriever === undefined || pairs === undefined || sound === undefined)
      throw new Error('three folders')
    const notes = { classification: flatClassification(labels), script: undefined }
    await saveNgramFolder(retriever, { model: trainNgramModel(ROWS, { model: 'nb-svc' }), notes })
    const classification = flatClassification(['mismatch', 'match'])
    const ofPairs = { format: 'kic-model', version: 1, classification, script: null }
    await saveTinyModel(pairs, ofPairs, { 0: 'mismatch', 1: 'match' })
    await packReranker(sound, { retriever, pairs, candidates: 2, precision: 'float32' })
    const bytes = new Uint8Array(await readFile(join(sound, FILE)))
    return fc.oneof(
      mutation(bytes.length).map((mutate) => mutate(bytes)),
      mutatedJson([JSON.parse(new TextDecoder().decode(bytes))]),
    )
  },
  check: (bytes, folder) =>
    judge(bytes.length, async () => {
      const sound = join(folder, 'sound')
      await writeFile(join(sound, FILE), bytes)
      const predictor = await loadPredictor(sound)
      try {
        for (const answer of await predictor.predict(['쌀', '국수 타이어', '???'])) {
          if (answer.status === 'unusable') continue
          const shares = [answer.confidence, ...answer.top.map(({ confidence }) => confidence)]
          if (!shares.every((share) => share >= 0 && share <= 1.001))
            throw new Error(`it answers ${JSON.stringify(answer)}`)
        }
      } finally {
        await predictor.dispose()
      }
      return { bytes: 0 }
    }),
}
