import { prepareText } from '@kic/data/prepare'
import { encodeUnpadded } from '@kic/tokenizer'
import type { CallSignal } from '../answers/call-signal.ts'
import type { ScorerOptions } from '../model/opened-model.ts'
import { createBatchQueue } from '../run/batch-queue.ts'
import { batchRunner } from '../run/batch-runner.ts'
import type { Network } from '../run/network.ts'

/** Scores pairs of a text and a class name. */
export interface PairScorer {
  /** The log-probability that each name belongs to its text, [N]. */
  score(
    pairs: readonly (readonly [text: string, name: string])[],
    signal: CallSignal | undefined,
    alone: boolean,
  ): Promise<Float64Array>
  dispose(): Promise<void>
}

/** Runs a pair model on rows `[CLS] text [SEP] name [SEP]`, as in its training. */
export const pairScorer = (network: Network, { batchSize = 64 }: ScorerOptions): PairScorer => {
  const { session, tokenizer, maxTokens, preparation } = network
  const types = new WeakMap<Int32Array, Int32Array>()
  const runBatch = batchRunner(network, (row) => types.get(row))
  const queue = createBatchQueue(runBatch, batchSize, session.runsAtOnce, session.runsInParallel)
  const typeVocabSize = session.inputNames.includes('token_type_ids') ? 2 : 1
  return {
    score: async (pairs, signal, alone) => {
      const prepared = pairs.map(
        ([text, name]) => [prepareText(text, preparation), prepareText(name, preparation)] as const,
      )
      const { inputIds, tokenTypeIds = [] } = encodeUnpadded(tokenizer, prepared, {
        maxLength: maxTokens,
        typeVocabSize,
      })
      for (const [i, row] of inputIds.entries()) {
        const own = tokenTypeIds[i]
        if (own !== undefined) types.set(row, own)
      }
      const logits = await queue.run(inputIds, signal, alone)
      return Float64Array.from(pairs, (_, i) =>
        logSigmoid((logits[2 * i + 1] ?? Number.NaN) - (logits[2 * i] ?? Number.NaN)),
      )
    },
    dispose: () => session.release(),
  }
}

const logSigmoid = (x: number): number => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)))
