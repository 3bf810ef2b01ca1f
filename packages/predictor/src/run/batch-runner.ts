import { KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import type { RunBatch } from './batch-queue.ts'
import type { Network } from './network.ts'

/**
 * Pads rows of tokens to the longest one, [B, S], and runs them: logits [B, C].
 *
 * @param typesOf the token types of a row; `undefined`: all 0
 */
export const batchRunner = (
  { session, runtime, tokenizer, tree, name }: Network,
  typesOf: (row: Int32Array) => Int32Array | undefined = () => undefined,
): RunBatch => {
  const [output = 'logits'] = session.outputNames
  const classes = tree.codes.length
  const padding = tokenizer.specialTokens.pad.id
  const inputs: Readonly<Record<string, (rows: readonly Int32Array[], width: number) => BigInt64Array>> = {
    input_ids: (rows, width) => int64Rows(rows, width, padding, (token) => token),
    attention_mask: (rows, width) => int64Rows(rows, width, 0, () => 1),
    token_type_ids: (rows, width) =>
      int64Rows(
        rows.map((row) => typesOf(row) ?? new Int32Array(row.length)),
        width,
        0,
        (type) => type,
      ),
  }
  return async (rows) => {
    const width = rows.reduce((longest, row) => Math.max(longest, row.length), 1)
    const feeds = session.inputNames.map((input) => {
      const values = inputs[input]
      if (values !== undefined) {
        return [input, new runtime.Tensor('int64', values(rows, width), [rows.length, width])] as const
      }
      throw new KicError<PredictorErrorCode>(
        'predictor/unknown-input',
        `predict: a model's inputs must be among input_ids, attention_mask and token_type_ids, received '${input}' from the model ${name}. Export it again.`,
      )
    })
    const scores = (await session.run(Object.fromEntries(feeds)))[output]
    if (scores?.data instanceof Float32Array && scores.data.length === rows.length * classes)
      return { scores: scores.data, classes }
    throw new KicError<PredictorErrorCode>(
      'predictor/wrong-output',
      `predict: the model ${name} must return float32 [${rows.length}, ${classes}], one score per class of config.json, ` +
        `received [${scores?.dims}]. Export it again.`,
    )
  }
}

/** Rows as int64 [B, S]: one number per token, and `padding` after them. */
const int64Rows = (
  rows: readonly Int32Array[],
  width: number,
  padding: number,
  numberOf: (token: number) => number,
): BigInt64Array => {
  const result = new BigInt64Array(rows.length * width)
  // Each number is two 32-bit words, the lower one first.
  const words = new Int32Array(result.buffer)
  let at = 0
  for (const row of rows) {
    for (const token of row) {
      words[at] = numberOf(token)
      at += 2
    }
    for (let i = row.length; i < width; i++) {
      words[at] = padding
      at += 2
    }
  }
  return result
}
