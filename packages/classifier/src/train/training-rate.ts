import type { TrainCallbacks } from '@kic/trainer'

/** Callbacks that measure training rows per second. */
export const trainingRate = (): TrainCallbacks & { readonly rowsPerSecond: () => number } => {
  let [rows, seconds] = [0, 0]
  return {
    onStep: (event) => {
      rows += event.examples
      seconds += event.seconds
    },
    rowsPerSecond: () => (seconds === 0 ? 0 : rows / seconds),
  }
}
