import type { KeyCheck } from './http/api-keys.ts'
import type { Limits } from './limits.ts'
import type { Log } from './run/log.ts'
import type { Metrics } from './run/metrics.ts'
import type { OpenRequests } from './run/open-requests.ts'
import type { Serving } from './run/serving.ts'
import type { TextGate } from './run/text-gate.ts'

/** What every route may use. */
export interface ServerContext {
  readonly serving: Serving
  readonly limits: Limits
  readonly gate: TextGate
  readonly metrics: Metrics
  readonly requests: OpenRequests
  readonly log: Log
  /** Absent if everybody may ask. */
  readonly accepts?: KeyCheck | undefined
}
