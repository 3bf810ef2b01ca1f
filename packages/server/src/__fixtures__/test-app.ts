import type { Calibration } from '@kic/predictor'
import type { ServerContext } from '../context.ts'
import { createApp } from '../create-app.ts'
import { keyCheck } from '../http/api-keys.ts'
import type { App } from '../http/app.ts'
import { type GivenLimits, limitsOf } from '../limits.ts'
import type { LogEntry } from '../run/log.ts'
import { createMetrics } from '../run/metrics.ts'
import { OpenRequests } from '../run/open-requests.ts'
import { Serving } from '../run/serving.ts'
import { TextGate } from '../run/text-gate.ts'
import { type Call, scriptedPredictor } from './scripted-predictor.ts'

export interface TestApp {
  readonly app: App
  readonly context: ServerContext
  readonly calls: readonly Call[]
  /** Explained texts. */
  readonly explained: readonly string[]
  readonly logged: LogEntry[]
}

/** An app over a scripted predictor, without a socket. */
export const testApp = ({
  before,
  calibration,
  keys,
  loaded = true,
  ...limits
}: GivenLimits & {
  readonly before?: (call: Call) => Promise<void> | undefined
  readonly calibration?: Calibration
  readonly keys?: readonly string[]
  readonly loaded?: boolean
} = {}): TestApp => {
  const { predictor, calls, explained } = scriptedPredictor(before, calibration)
  const checked = limitsOf(limits)
  const logged: LogEntry[] = []
  const log = (entry: LogEntry): void => {
    logged.push(entry)
  }
  const serving = new Serving()
  if (loaded) serving.loaded({ predictor, id: 'foods-1' })
  const gate = new TextGate(checked.maxWaiting)
  const metrics = createMetrics({ waiting: () => gate.waiting, phase: () => serving.phase })
  const context: ServerContext = {
    serving,
    limits: checked,
    gate,
    metrics,
    requests: new OpenRequests(metrics, log),
    log,
    accepts: keys === undefined ? undefined : keyCheck(keys),
  }
  return { app: createApp(context), context, calls, explained, logged }
}
