import type { Tokenizer } from '@kic/tokenizer'

/** A padded batch as plain numbers, row by row, which can be sent to another process or a browser. */
export interface TokenBatch {
  readonly shape: readonly [batch: number, length: number]
  readonly inputIds: readonly number[]
  readonly attentionMask: readonly number[]
}

/** Sizes that follow each other, so that both axes of a model are put to the test. */
const SIZES = [1, 32, 7, 64, 2]

/** Texts in batches of several sizes, each padded to its longest text. */
export const tokenBatches = (
  tokenizer: Tokenizer,
  texts: readonly string[],
  maxLength: number,
): TokenBatch[] => {
  const batches: TokenBatch[] = []
  for (let start = 0; start < texts.length; ) {
    const size = SIZES[batches.length % SIZES.length] ?? 1
    const batch = tokenizer.encodeBatch(texts.slice(start, start + size), { maxLength, typeVocabSize: 1 })
    batches.push({
      shape: [batch.shape[0], batch.shape[1]],
      inputIds: Array.from(batch.inputIds),
      attentionMask: Array.from(batch.attentionMask),
    })
    start += size
  }
  return batches
}
