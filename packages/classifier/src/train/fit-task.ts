import { startingPoint } from '../start/starting-point.ts'
import { type FitFromOptions, type FittedTask, fitFrom, taughtRows } from './fit-from.ts'

/**
 * Trains a classifier from the config's starting point as `fitFrom` does.
 *
 * @throws the signal's reason if the signal ended the training; KicError as `startingPoint` and `fitFrom`
 */
export const fitTask = async (options: FitFromOptions): Promise<FittedTask> => {
  const { task, config, output, signal } = options
  if (config.from === undefined) output.say('learning a vocabulary')
  const start = await startingPoint({
    from: config.from,
    texts: taughtRows(task).map(({ text }) => text),
    classes: task.classes,
    sizes: config.encoder,
    head: config.head,
    freshHead: config.freshHead,
    seed: config.seed,
  })
  const fitted = await fitFrom(start, options)
  signal?.throwIfAborted()
  return fitted
}
