import type { LabelledRow, TrainedFiles } from '@kic/classifier/in-memory'
import type { Prediction } from '@kic/predictor'
import { proxy, wrap } from 'comlink'
import type { TrainingEvent } from './training-event.ts'
import type { Trainer } from './training-worker.ts'

const worker = wrap<Trainer>(new Worker(new URL('./training-worker.ts', import.meta.url), { type: 'module' }))

/** Trains a model in place of the one before. */
export const train = (
  rows: readonly LabelledRow[],
  epochs: number,
  tell: (event: TrainingEvent) => void,
): Promise<Omit<TrainedFiles, 'files'>> => worker.train(rows, epochs, proxy(tell))

/** Ends the training after the current step; the model keeps what it learned. */
export const stopTraining = (): Promise<void> => worker.stop()

/** The trained model's answer. */
export const predictTrained = (text: string): Promise<Prediction> => worker.predict(text)

/** The trained model's folder, by paths. */
export const trainedFiles = (): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> => worker.files()
