import type { TrainCallbacks } from '@kic/trainer'
import type { TrainOptions } from './train-options.ts'

/** Loggers of a training: a file, TensorBoard, Weights & Biases. Their warnings go to `warn`. */
export const watchers = async (
  { log, tensorboard, wandb: project }: Pick<TrainOptions, 'log' | 'tensorboard' | 'wandb'>,
  config: Readonly<Record<string, unknown>>,
  warn: (message: string) => void,
): Promise<readonly TrainCallbacks[]> => {
  const { jsonLines, tensorBoard, wandb } = await import('@kic/trainer/node')
  return [
    ...(log === undefined ? [] : [jsonLines(log, { warn })]),
    ...(tensorboard === undefined ? [] : [tensorBoard(tensorboard, { warn })]),
    ...(project === undefined ? [] : [wandb({ project, config, warn })]),
  ]
}
