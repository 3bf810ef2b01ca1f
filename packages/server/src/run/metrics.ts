import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client'
import type { Phase } from './serving.ts'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** A finished request. */
export interface FinishedRequest {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly ms: number
}

/** The metrics of one process. */
export type MetricsOfProcess = MetricObjectWithValues<MetricValue<string>>[]

/** What Prometheus reads. */
export interface Metrics {
  readonly contentType: string
  /** Metrics of the server, in the format of Prometheus. */
  text(): Promise<string>
  /** Metrics of this process. */
  values(): Promise<MetricsOfProcess>
  finished(request: FinishedRequest): void
  answered(status: string): void
  rejected(texts: number): void
}

export interface MetricsOptions {
  /** Whether to add the metrics of the whole process. */
  readonly ofProcess?: boolean | undefined
  /** Metrics of all processes of the server; default: those of this one. */
  readonly together?: (() => Promise<string>) | undefined
}

/** @param state of the server, read at each scrape */
export const createMetrics = (
  state: { readonly waiting: () => number; readonly phase: () => Phase },
  { ofProcess = false, together }: MetricsOptions = {},
): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  if (ofProcess) collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'kic_http_requests_total',
    help: 'Finished requests; status 499 if the client left before its answer',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  })
  const seconds = new Histogram({
    name: 'kic_http_request_duration_seconds',
    help: 'Time from the request’s headers to the end of its answer',
    labelNames: ['route'] as const,
    buckets: SECONDS,
    registers,
  })
  const texts = new Counter({
    name: 'kic_texts_total',
    help: 'Answered texts, by the status of their answer',
    labelNames: ['status'] as const,
    registers,
  })
  const rejected = new Counter({
    name: 'kic_rejected_texts_total',
    help: 'Texts refused because too many were waiting',
    registers,
  })
  new Gauge({
    name: 'kic_waiting_texts',
    help: 'Texts that wait for their answer',
    registers,
    collect() {
      this.set(state.waiting())
    },
  })
  new Gauge({
    name: 'kic_ready',
    help: '1 if the model is loaded and the server is not stopping',
    aggregator: 'min',
    registers,
    collect() {
      this.set(state.phase() === 'ready' ? 1 : 0)
    },
  })
  return {
    contentType: registry.contentType,
    text: together ?? (() => registry.metrics()),
    values: () => registry.getMetricsAsJSON(),
    finished: ({ method, route, status, ms }) => {
      requests.inc({ method: METHODS.has(method) ? method : 'other', route, status })
      seconds.observe({ route }, ms / 1000)
    },
    answered: (status) => texts.inc({ status }),
    rejected: (count) => rejected.inc(count),
  }
}

/** Metrics of several processes as those of one server, in the format of Prometheus. */
export const sumOfMetrics = (metrics: readonly MetricsOfProcess[]): Promise<string> =>
  AggregatorRegistry.aggregate(metrics.map((one) => [...one])).metrics()
