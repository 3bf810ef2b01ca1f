import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { harmless, type TrainCallbacks } from './callbacks.ts'
import { type EventContent, encodeEvent, frameRecord } from './event-records.ts'
import { evaluationScalars, stepScalars } from './scalars.ts'

export interface TensorBoardOptions {
  /** Writes scalars every this many updates; default 1. */
  readonly everySteps?: number | undefined
  /** Called once if writing fails; default `console.warn`. */
  readonly warn?: ((message: string) => void) | undefined
}

/**
 * Writes the events of a run as event files for `tensorboard --logdir`: loss, gradient norm, learning rate, examples/s,
 * and the metrics of evaluations. A resumed run starts a new file, which voids the repeated steps.
 *
 * A failure does not stop the run.
 */
export const tensorBoard = (
  folder: string,
  { everySteps = 1, warn }: TensorBoardOptions = {},
): TrainCallbacks => {
  let file: number | undefined
  const write = (content: EventContent): void => {
    if (file === undefined) {
      mkdirSync(folder, { recursive: true })
      const started = Date.now()
      const name = `events.out.tfevents.${Math.floor(started / 1000)}.${hostname()}.${process.pid}.${started % 1000}`
      file = openSync(join(folder, name), 'ax')
      write({ fileVersion: 'brain.Event:2' })
    }
    writeSync(file, frameRecord(encodeEvent(Date.now() / 1000, content)))
  }
  const close = (): void => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  return harmless(
    `tensorBoard ${folder}`,
    {
      onStart: ({ step }) => {
        if (step > 0) write({ restartAt: step + 1 })
      },
      onStep: (event) => {
        if (event.step % everySteps === 0) write({ step: event.step, scalars: stepScalars(event) })
      },
      onEvaluate: (event) => write({ step: event.step, scalars: evaluationScalars(event) }),
      onEnd: close,
      onError: close,
    },
    warn,
  )
}
