import { type ProgressLine, type ProgressTarget, progressLine } from '@kic/core'
import type { TrainCallbacks } from '@kic/trainer'
import { progress } from '@kic/trainer/node'
import { silentOutput } from './silent-output.ts'

/** Progress messages of a training. */
export interface ProgressOutput {
  say(line: string): void
  counting(what: string, unit?: string): ProgressLine
  /** @param label prefix of each line */
  training(label: string): readonly TrainCallbacks[]
}

/** Progress messages to a stream, or none. */
export const progressOutput = (to: ProgressTarget | 'none' = process.stderr): ProgressOutput =>
  to === 'none'
    ? silentOutput
    : {
        say: (line) => void to.write(`${line}\n`),
        counting: (what, unit) => progressLine(to, what, unit),
        training: (label) => [progress({ label, stream: to })],
      }
