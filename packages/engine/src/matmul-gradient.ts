import * as tf from '@tensorflow/tfjs'

const KERNEL = 'BatchMatMul'

/** Our own gradients, so that none is wrapped twice. */
const extended = new WeakSet<object>()

/** `gradient` summed over the leading axes along which an operand of this shape was broadcast. */
const summedTo = (gradient: tf.Tensor, shape: readonly number[]): tf.Tensor => {
  const surplus = gradient.rank - shape.length
  const axes = gradient.shape.flatMap((d, i) =>
    i < surplus || (shape[i - surplus] === 1 && d !== 1) ? [i] : [],
  )
  return axes.length === 0 ? gradient : gradient.sum(axes).reshape([...shape])
}

/**
 * Makes TensorFlow.js differentiate matrix products with broadcast leading axes, such as [B, S, H] × [H, N].
 * TensorFlow.js's own gradient does not sum over the broadcast axes and fails. Other products stay unchanged.
 */
export const registerMatMulGradient = (): void => {
  const own = tf.getGradient(KERNEL)
  if (own === undefined || extended.has(own)) return
  const config: tf.GradConfig = {
    ...own,
    gradFunc: (dy, saved, attributes) => {
      const gradients = own.gradFunc(dy, saved, attributes)
      const [a, b] = saved
      if (a === undefined || b === undefined) return gradients
      const summed = (name: 'a' | 'b', { shape }: tf.Tensor) => {
        const gradient = gradients[name]
        return { [name]: () => summedTo(gradient === undefined ? tf.zeros(shape) : gradient(), shape) }
      }
      return { ...gradients, ...summed('a', a), ...summed('b', b) }
    },
  }
  extended.add(config)
  tf.unregisterGradient(KERNEL)
  tf.registerGradient(config)
}
