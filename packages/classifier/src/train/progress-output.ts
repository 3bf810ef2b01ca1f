import { type ProgressLine, progressLine } from '@kic/core'
import type { TrainCallbacks } from '@kic/trainer'
import { progress } from '@kic/trainer/node'
import type { ProgressStream } from './train-options.ts'

/** Progress messages of a training. */
export interface ProgressOutput {
  say(line: string): void
  counting(what: string, unit?: string): ProgressLine
  /** @param label prefix of each line */
  training(label: string): readonly TrainCallbacks[]
}

/** Progress messages to a stream, or none. */
export const progressOutput = (to: ProgressStream | 'none' = process.stderr): ProgressOutput =>
  to === 'none'
    ? {
        say: () => undefined,
        counting: () => ({ update: () => undefined, end: () => undefined }),
        training: () => [],
      }
    : {
        say: (line) => void to.write(`${line}\n`),
        counting: (what, unit) => progressLine(to, what, unit),
        training: (label) => [progress({ label, stream: to })],
      }
