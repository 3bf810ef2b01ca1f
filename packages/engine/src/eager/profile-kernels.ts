import * as tf from '@tensorflow/tfjs'
import { type Profile, profileOf, type Span } from '../profile/profile.ts'

/** The time of eager work by TensorFlow.js kernel, after one warm-up round. */
export const profileKernels = async (work: () => Promise<unknown>, rounds: number): Promise<Profile> => {
  await work()
  const { kernels } = await tf.profile(async () => {
    for (let i = 0; i < rounds; i++) await work()
    return []
  })
  const spans = await Promise.all(
    kernels.map(async ({ name, kernelTimeMs, inputShapes, outputShapes }): Promise<Span> => {
      const ms = await kernelTimeMs
      const shapes = (list: readonly (readonly number[] | null)[]): string =>
        list.map((shape) => `[${shape}]`).join(' ')
      return {
        name,
        shapes: `${shapes(inputShapes)} → ${shapes(outputShapes)}`,
        ms: typeof ms === 'number' ? ms : 0,
      }
    }),
  )
  return profileOf(spans, rounds)
}
