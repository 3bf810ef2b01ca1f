import { setTimeout as sleep } from 'node:timers/promises'
import { isPassing } from './hub-error.ts'
import type { HubSettings } from './hub-options.ts'

/** Reports of an attempt, so slow progress does not count as failure. */
export interface Attempt {
  /** The attempt made progress: earlier failures no longer count. */
  progressed(): void
}

const LONGEST_DELAY = 30_000

/** Repeats an action while it fails for a temporary reason, with doubling delays. */
export const withRetries = async <T>(
  { retries, retryDelay }: Pick<HubSettings, 'retries' | 'retryDelay'>,
  action: (attempt: Attempt) => Promise<T>,
): Promise<T> => {
  let failures = 0
  const attempt: Attempt = {
    progressed: () => {
      failures = 0
    },
  }
  for (;;) {
    try {
      return await action(attempt)
    } catch (error) {
      if (!isPassing(error) || failures >= retries) throw error
      await sleep(Math.min(LONGEST_DELAY, retryDelay * 2 ** failures))
      failures++
    }
  }
}
