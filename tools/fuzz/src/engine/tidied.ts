import * as tf from '@tensorflow/tfjs'

/** `tf.tidy` for results that hold no tensors: all that `body` made is freed. */
export const tidied = <T>(body: () => T): T => {
  tf.engine().startScope()
  try {
    return body()
  } finally {
    tf.engine().endScope()
  }
}
