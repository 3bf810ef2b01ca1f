import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassification } from '@kic/classification'
import { createRandom, defined } from '@kic/core'
import { type Engine, selectEngine } from '@kic/engine'
import {
  firstCandidates,
  labelNames,
  pairScorer,
  pretrainOnPairs,
  rerank,
  topCandidates,
} from '@kic/negative-sampling'
import { trainNgramModel } from '@kic/ngram'
import { loadPredictor, packReranker, saveNgramFolder } from '@kic/predictor/node'
import { createRobertaConfig } from '@kic/roberta'
import { softmaxRows } from '@kic/scores'
import { createTokenizer } from '@kic/tokenizer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveClassifier } from './save-classifier.ts'

const NAMES = ['자동차 수리', '음식 조리', '빵 굽기', '책 판매']
const CODES = ['1', '2', '3', '4']
const WORDS = [
  ['타이어', '엔진', '오일'],
  ['찌개', '국수', '갈비'],
  ['식빵', '단팥', '반죽'],
  ['소설', '잡지', '문고'],
]
const classification = createClassification('trades', [
  { name: 'trade', nodes: CODES.map((code, i) => ({ code, name: defined(NAMES[i]) })) },
])
/** Texts with two words of their class: short enough for a model of seconds to learn what belongs together. */
const tradeRows = (count: number, seed: number) => {
  const random = createRandom(seed, 'trades')
  return Array.from({ length: count }, (_, i) => {
    const words = defined(WORDS[i % 4])
    return { text: `${random.pick(words)} ${random.pick(words)}`, label: defined(CODES[i % 4]) }
  })
}
const columns = (rows: ReturnType<typeof tradeRows>) => ({
  texts: rows.map(({ text }) => text),
  labels: rows.map(({ label }) => CODES.indexOf(label)),
})

let folder: string
let engine: Engine
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-pairs-'))
  engine = await selectEngine('compiled', { session: { intraOpNumThreads: 1 } })
})
afterAll(async () => {
  engine.dispose()
  await rm(folder, { recursive: true })
})

it('re-ranks in a folder without TensorFlow.js as in training', async () => {
  const at = (name: string): string => join(folder, name)
  // A model that often takes one class for another.
  const swapped = tradeRows(120, 5).map((row, i) =>
    i % 8 < 4 && row.label === '1' ? { ...row, label: '2' } : row,
  )
  const retriever = trainNgramModel(swapped, { model: 'linear-svc', labels: CODES })
  await saveNgramFolder(at('retriever'), { model: retriever, notes: { classification, script: undefined } })

  const names = labelNames(classification, 'trade')
  const characters = [...new Set([...names, ...WORDS.flat()].join('').replaceAll(' ', ''))]
  const tokenizer = createTokenizer({
    vocabulary: ['[CLS]', '[PAD]', '[SEP]', '[UNK]', '[MASK]', ...characters.flatMap((c) => [c, `##${c}`])],
    tokenizerConfig: { do_lower_case: false },
  })
  const config = createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: 32,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 64,
    max_position_embeddings: 66,
    // The halves of a pair have types of their own.
    type_vocab_size: 2,
    initializer_range: 0.1,
  })
  const { model, params, evaluations } = await pretrainOnPairs({
    engine,
    config,
    tokenizer,
    rows: columns(tradeRows(400, 1)),
    heldOut: columns(tradeRows(100, 8)),
    names,
    negatives: { kind: 'random' },
    epochs: 6,
    ratio: 3,
    batchSize: 32,
    learningRate: 5e-3,
    maxLength: 24,
    seed: 1,
  })
  expect(evaluations.at(-1)?.metrics.accuracy).toBeGreaterThan(0.9)
  await saveClassifier(at('pairs'), { model, params, tokenizer }, { onnx: ['float32'], maxLength: 24 })
  await packReranker(at('both'), {
    retriever: at('retriever'),
    pairs: at('pairs'),
    candidates: 2,
    weight: 2,
  })

  // What training knows: probabilities, candidates, pair scores of the engine.
  const texts = tradeRows(90, 9).map(({ text }) => text)
  const probabilities = softmaxRows(retriever.scores(texts), CODES.length)
  const candidates = topCandidates(probabilities, CODES.length, 2)
  const score = pairScorer({ engine, model, tokenizer, names, maxLength: 24, typeVocabSize: 2 })
  const pairScores = await score(engine.place(params), texts, candidates)
  score.dispose()
  const expected = rerank({ probabilities, classes: CODES.length, candidates, pairScores, weight: 2 })
  const first = firstCandidates(expected)

  const predictor = await loadPredictor(at('both'))
  const answers = await predictor.predict(texts, { topK: 4 })
  for (const [i, answer] of answers.entries()) {
    if (answer.status === 'unusable') throw new Error(answer.reason)
    expect(answer.codes.trade?.code).toBe(CODES[defined(first[i])])
    // The ratio of the candidates' confidences is that of the scores that order them.
    const [a = 0, b = 0] = Array.from(expected.classes).slice(2 * i, 2 * i + 2)
    const sum = (c: number) => {
      const k = candidates.classes[2 * i] === c ? 2 * i : 2 * i + 1
      return Math.log(defined(probabilities[4 * i + c])) + 2 * defined(pairScores[k])
    }
    const confidence = (c: number) => answer.top.find(({ code }) => code === CODES[c])?.confidence ?? 0
    expect(Math.log(confidence(a) / confidence(b))).toBeCloseTo(sum(a) - sum(b), 3)
  }
  await predictor.dispose()
  // It says something: many answers are not the retriever's, and more of them are right.
  const before = firstCandidates(candidates)
  expect(first.filter((label, i) => label !== before[i]).length).toBeGreaterThan(5)
  const right = (labels: Int32Array) =>
    tradeRows(90, 9).filter(({ label }, i) => label === CODES[defined(labels[i])]).length
  expect(right(first)).toBeGreaterThan(right(before))
})
