import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { harmless, type TrainCallbacks } from './callbacks.ts'

export interface JsonLinesOptions {
  /** Writes a line every this many updates; default 1. */
  readonly everySteps?: number | undefined
  /** Called once if writing fails; default `console.warn`. */
  readonly warn?: ((message: string) => void) | undefined
}

/**
 * Appends the events of a run to a file, one JSON object per line, each with `event` and `time`. Numbers that are not
 * finite become null. A resumed run writes repeated steps again; the last line of a step counts.
 *
 * A failure does not stop the run.
 */
export const jsonLines = (path: string, { everySteps = 1, warn }: JsonLinesOptions = {}): TrainCallbacks => {
  let file: number | undefined
  const write = (event: string, fields: object): void => {
    if (file === undefined) {
      mkdirSync(dirname(path), { recursive: true })
      file = openSync(path, 'a')
    }
    writeSync(file, `${JSON.stringify({ event, time: new Date().toISOString(), ...fields })}\n`)
  }
  const close = (): void => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  return harmless(
    `jsonLines ${path}`,
    {
      onStart: (event) => write('start', event),
      onStep: ({ outputs: _, ...event }) => {
        if (event.step % everySteps === 0) write('step', event)
      },
      onEvaluate: (event) => write('evaluate', event),
      onCheckpoint: (event) => write('checkpoint', event),
      onEpochEnd: (event) => write('epoch', event),
      onEnd: (event) => {
        write('end', event)
        close()
      },
      onError: (error) => {
        write('error', { message: error instanceof Error ? error.message : String(error) })
        close()
      },
    },
    warn,
  )
}
