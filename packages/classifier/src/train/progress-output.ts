import { type ProgressLine, progressLine } from '@kic/core'
import type { TrainCallbacks } from '@kic/trainer'
import { progress } from '@kic/trainer/node'
import type { ProgressStream } from './train-options.ts'

/** What a training says while it runs. */
export interface ProgressOutput {
  say(line: string): void
  counting(what: string, unit?: string): ProgressLine
  /** @param label before each line */
  training(label: string): readonly TrainCallbacks[]
}

/** Writes to a stream, or nowhere. */
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
