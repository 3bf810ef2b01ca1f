import type { TrainClassifierOptions } from '../train/train-options.ts'

/** A training of some seconds that learns `newsRows`. */
export const newsTraining = {
  encoder: { vocabulary: 200, hidden: 16, layers: 1, heads: 2, maxLength: 16, initializerRange: 0.2 },
  epochs: 8,
  batchSize: 16,
  learningRate: 1e-2,
  engine: 'compiled',
  progress: 'none',
} as const satisfies Partial<TrainClassifierOptions>
