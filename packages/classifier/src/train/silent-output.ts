import type { ProgressOutput } from './progress-output.ts'

/** No progress messages. */
export const silentOutput: ProgressOutput = {
  say: () => undefined,
  counting: () => ({ update: () => undefined, end: () => undefined }),
  training: () => [],
}
