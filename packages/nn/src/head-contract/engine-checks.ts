import { type Engine, exportOnnx, valueAndGradients } from '@kic/engine'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import type { HeadBatch, HeadSubject } from './head-subject.ts'
import { applied, largestDifference, logitsOnCpu, runOn } from './run-head.ts'
import { runOnnx } from './run-onnx.ts'

/** Checks that logits and every gradient of an engine equal those of eager cpu. */
export const checkEngine = async (subject: HeadSubject, name: Engine['name']): Promise<void> => {
  const names = Object.keys(subject.params)
  const onEngine = (engine: Engine['name']): Promise<HostTensors> =>
    runOn(engine, subject.batch([4, 6, 1], 6), subject.params, (params, feeds, ctx) =>
      valueAndGradients(
        (weights, batch) => {
          const logits = applied(subject, weights, batch, ctx)
          return { loss: tf.sum(tf.square(logits)).asScalar(), logits }
        },
        params,
        feeds,
        ctx,
        names,
      ),
    )
  const [expected, actual] = [await onEngine('cpu'), await onEngine(name)]
  for (const [key, value] of Object.entries(expected)) {
    const other = actual[key]
    const off = other ? largestDifference(value, other) / largest(value) : Number.POSITIVE_INFINITY
    if (!(off < 1e-4))
      throw subject.broken(`computes '${key}' on the ${name} engine, ${off.toExponential(1)} away from cpu's`)
  }
}

const largest = ({ data }: HostTensor): number => Math.max(1e-2, ...Array.from(data, Math.abs))

/** Checks that one exported file gives the engine's logits for all numbers of rows and positions. */
export const checkExport = async (subject: HeadSubject): Promise<void> => {
  const hidden = subject.config.hidden_size
  const file = exportOnnx(
    (params, feeds, ctx) => ({ logits: applied(subject, params, feeds, ctx) }),
    subject.params,
    {
      inputs: {
        sequence: {
          dtype: 'float32',
          shape: ['batch', subject.head.reads === 'first' ? 1 : 'sequence', hidden],
        },
        attention_mask: { dtype: 'int64', shape: ['batch', 'sequence'] },
      },
    },
  )
  const batches: HeadBatch[] = [
    subject.batch([1], 1),
    subject.batch([4, 6, 1], 6),
    subject.batch([11, 2, 9, 9, 3, 1, 5], 13),
  ]
  const results = await runOnnx(file, batches)
  for (const [i, batch] of batches.entries()) {
    const [expected, logits] = [await logitsOnCpu(subject, batch), results[i]?.logits]
    const off = logits ? largestDifference(logits, expected) / largest(expected) : Number.POSITIVE_INFINITY
    if (!(off < 1e-4))
      throw subject.broken(
        `gives logits of an exported model ${off.toExponential(1)} away from its own, for a batch of [${batch.attention_mask.shape}]`,
      )
  }
}
