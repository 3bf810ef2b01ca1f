import type { TokenBatch } from './token-batches.ts'

/** What `onnxruntime-node` and `onnxruntime-web` have in common, as far as it is used here. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> }
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => unknown
}

interface Session {
  run(feeds: Readonly<Record<string, never>>): Promise<Readonly<Record<string, { readonly data: unknown }>>>
  release(): Promise<void>
}

/** Logits of an exported classifier [N, C], batch after batch. */
export const onnxLogits = async (
  runtime: OnnxRuntime,
  model: Uint8Array,
  batches: readonly TokenBatch[],
): Promise<number[]> => {
  const session = await runtime.InferenceSession.create(model)
  const logits: number[] = []
  for (const { shape, inputIds, attentionMask } of batches) {
    const tensor = (data: readonly number[]) =>
      new runtime.Tensor('int64', BigInt64Array.from(data, BigInt), shape)
    const feeds = { input_ids: tensor(inputIds), attention_mask: tensor(attentionMask) }
    const { data } = (await session.run(Object(feeds))).logits ?? {}
    if (!(data instanceof Float32Array)) throw new Error('the model has no float32 output "logits"')
    for (const logit of data) logits.push(logit)
  }
  await session.release()
  return logits
}
