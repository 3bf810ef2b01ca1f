import type { LogEntry } from '../run/log.ts'
import type { MetricsOfProcess } from '../run/metrics.ts'

/** What the listening process tells an answering one. A connection's socket comes with its message. */
export type Order =
  | { readonly kind: 'connection' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'finish'; readonly grace: number }
  | { readonly kind: 'give-metrics'; readonly id: number }
  | { readonly kind: 'all-metrics'; readonly id: number; readonly text: string }

/** What an answering process tells the listening one. */
export type Report =
  /** It takes connections; its model may still be loading. */
  | { readonly kind: 'open' }
  | { readonly kind: 'ready'; readonly entries: readonly LogEntry[] }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'stopping'; readonly requests: number }
  | { readonly kind: 'metrics'; readonly id: number; readonly metrics: MetricsOfProcess }
  | { readonly kind: 'ask-metrics'; readonly id: number }
