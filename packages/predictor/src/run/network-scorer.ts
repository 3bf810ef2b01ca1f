import type { ScorerOptions } from '../model/opened-model.ts'
import { createBatchQueue } from './batch-queue.ts'
import { batchRunner } from './batch-runner.ts'
import type { Network } from './network.ts'
import { disposed, type TextScorer } from './text-scorer.ts'
import { tokenizeTexts } from './tokenize-texts.ts'

/** Scores texts with a network, batch by batch. */
export const networkScorer = (network: Network, { batchSize = 64, tokens }: ScorerOptions): TextScorer => {
  const { session, tree } = network
  const queue = createBatchQueue(batchRunner(network), batchSize, session.runsAtOnce, session.runsInParallel)
  const tokenize =
    tokens?.tokenizing(network) ?? ((texts: readonly string[]) => tokenizeTexts(network, texts))
  const classes = tree.codes.length
  let isDisposed = false
  return {
    score: async (texts, signal, alone) => {
      if (isDisposed) throw disposed()
      const read = tokenize(texts)
      const rows = read.flatMap((row) => ('tokens' in row ? [row.tokens] : []))
      const scores = await queue.run(rows, signal, alone)
      let at = 0
      return read.map((row) => {
        if (!('tokens' in row)) return row
        const { text, truncated } = row
        const logits = scores.subarray(at, at + classes)
        at += classes
        return { text, logits, truncated }
      })
    },
    dispose: async () => {
      if (isDisposed) return
      isDisposed = true
      await session.release()
    },
  }
}
