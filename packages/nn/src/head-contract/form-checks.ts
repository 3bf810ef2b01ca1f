import { contentBytes } from '@kic/core'
import { type Context, inferenceContext, type Tensors } from '@kic/engine'
import { encodeSafetensors, readSafetensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { matchParameters } from '../match-parameters.ts'
import type { HeadSubject } from './head-subject.ts'
import { applied, largestDifference, logitsOnCpu, runOn } from './run-head.ts'

/** Checks that every parameter has a unique name and a shape, and is read. */
export const checkParameters = async (subject: HeadSubject): Promise<void> => {
  const specs = subject.head.parameters(subject.config)
  for (const { name, shape } of specs) {
    if (!/^[A-Za-z_][\w.]*$/.test(name)) throw subject.broken(`names a parameter '${name}'`)
    if (shape.some((size) => !Number.isInteger(size) || size < 1))
      throw subject.broken(`gives '${name}' the shape [${shape}]`)
  }
  const read = new Set<string>()
  await runOn('cpu', subject.batch([3, 2], 4), subject.params, (params, feeds, ctx) => {
    const watched: Tensors = new Proxy(params, {
      get: (target, name) => {
        if (typeof name !== 'string') return undefined
        read.add(name)
        return target[name]
      },
    })
    return { logits: applied(subject, watched, feeds, ctx) }
  })
  const unread = specs.filter(({ name }) => !read.has(name)).map(({ name }) => name)
  if (unread.length > 0) throw subject.broken(`never reads its parameters ${unread.join(', ')}`)
}

/** Checks that logits are [B, C] for any B and S, down to one token. */
export const checkShapes = async (subject: HeadSubject): Promise<void> => {
  for (const [lengths, width] of [
    [[1], 1],
    [[4, 2, 1], 4],
    [[7, 7], 9],
  ] as const) {
    const logits = await logitsOnCpu(subject, subject.batch(lengths, width))
    const wanted = [lengths.length, subject.classes]
    if (`${logits.shape}` !== `${wanted}` || logits.dtype !== 'float32')
      throw subject.broken(
        `gives ${logits.dtype} [${logits.shape}] for a batch of ${lengths.length} × ${width}, not float32 [${wanted}]`,
      )
    if (!logits.data.every(Number.isFinite))
      throw subject.broken(`gives logits that are no numbers for a batch of ${lengths.length} × ${width}`)
  }
}

/** Checks that parameters saved as safetensors and read again are complete and give the same logits, bit for bit. */
export const checkRoundTrip = async (subject: HeadSubject): Promise<void> => {
  const file = contentBytes(encodeSafetensors(subject.params))
  const specs = subject.head.parameters(subject.config)
  const { params, missing, unexpected } = matchParameters(specs, readSafetensors(file).tensors)
  if (missing.length > 0 || unexpected.length > 0)
    throw subject.broken(
      `loses parameters when saved: missing ${missing.map(({ name }) => name)}, unexpected ${unexpected}`,
    )
  const batch = subject.batch([4, 3], 5)
  const [before, after] = [await logitsOnCpu(subject, batch), await logitsOnCpu(subject, batch, params)]
  if (largestDifference(before, after) !== 0) throw subject.broken('gives other logits after save and load')
}

/** Checks that training differs from inference only by `ctx.dropout`. */
export const checkContext = async (subject: HeadSubject): Promise<void> => {
  const rates: number[] = []
  const training: Context = {
    training: true,
    dropout: (x, rate) => {
      rates.push(rate)
      return x
    },
  }
  const { without, withIdentity } = await runOn(
    'cpu',
    subject.batch([4, 3], 5),
    subject.params,
    (params, feeds) => ({
      without: applied(subject, params, feeds, inferenceContext),
      withIdentity: applied(subject, params, feeds, training),
    }),
  )
  if (!without || !withIdentity || largestDifference(without, withIdentity) > 1e-6)
    throw subject.broken('computes something else in training, even where dropout drops nothing')
  const bad = rates.find((rate) => !(rate >= 0 && rate < 1))
  if (bad !== undefined) throw subject.broken(`calls ctx.dropout with the rate ${bad}`)
}

/** Checks that everything but the logits is freed. */
export const checkMemory = async (subject: HeadSubject): Promise<void> => {
  let kept = 0
  await runOn('cpu', subject.batch([4, 3], 5), subject.params, (params, feeds, ctx) => {
    const before = tf.memory().numTensors
    const logits = applied(subject, params, feeds, ctx)
    kept = tf.memory().numTensors - before
    return { logits }
  })
  if (kept !== 1)
    throw subject.broken(`leaves ${kept} tensors behind instead of its logits alone: wrap apply in tf.tidy`)
}
