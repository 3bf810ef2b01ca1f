import type { Engine } from '@kic/engine'
import { meanHead, ngramHead, type RobertaConfig, sequenceClassifier } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import type { TokenBatch } from './token-batches.ts'

/** Logits of the classifier on an engine [N, C], batch after batch. */
export const engineLogits = async (
  engine: Engine,
  config: RobertaConfig,
  params: HostTensors,
  batches: readonly TokenBatch[],
): Promise<number[]> => {
  const model = sequenceClassifier(config, config.ngram_sizes === undefined ? meanHead : ngramHead)
  const placed = engine.place(params)
  const run = engine.compile((tensors, feeds, ctx) => ({ logits: model.logits(tensors, feeds, ctx) }))
  const logits: number[] = []
  for (const { shape, inputIds, attentionMask } of batches) {
    const ints = (data: readonly number[]) => ({
      dtype: 'int32' as const,
      shape,
      data: Int32Array.from(data),
    })
    const outputs = await run(placed, { input_ids: ints(inputIds), attention_mask: ints(attentionMask) })
    for (const logit of outputs.logits?.data ?? []) logits.push(logit)
  }
  run.dispose()
  placed.dispose()
  return logits
}
