import { KicError } from '@kic/core'
import { createApp } from './create-app.ts'
import type { ServerErrorCode } from './error-code.ts'
import { keyCheck } from './http/api-keys.ts'
import type { App } from './http/app.ts'
import { type GivenLimits, limitsOf } from './limits.ts'
import { failureEntry, type Log, type LogEntry } from './run/log.ts'
import { createMetrics, type Metrics, type MetricsOptions } from './run/metrics.ts'
import { OpenRequests } from './run/open-requests.ts'
import { loadServedModel, type ModelOptions } from './run/served-model.ts'
import { Serving } from './run/serving.ts'
import { TextGate } from './run/text-gate.ts'

/** What a server answers, and how. */
export interface AnsweringOptions extends ModelOptions, GivenLimits {
  /** Keys that clients send; default: everybody may ask. */
  readonly apiKeys?: readonly string[] | undefined
  /** Receives what happens; default: nobody. */
  readonly log?: Log | undefined
}

/** A server that answers, wherever its connections come from. */
export interface AnsweringServer {
  readonly app: App
  readonly serving: Serving
  readonly requests: OpenRequests
  readonly metrics: Metrics
  readonly log: Log
  /**
   * Loads the model, after which `/ready` answers.
   *
   * @returns what to log about it
   * @throws KicError as `loadPredictor` of `@kic/predictor/node`
   */
  load(): Promise<readonly LogEntry[]>
  /** Calls `act` once the model can no longer answer, with the error `server/model-stopped`. */
  onFailure(act: (error: KicError) => void): void
  /** Frees the model, when all requests have ended. */
  free(): Promise<void>
}

/** @throws KicError `server/option`, `server/api-keys` */
export const createAnsweringServer = async (
  options: AnsweringOptions,
  metricsOptions: MetricsOptions = {},
): Promise<AnsweringServer> => {
  const { apiKeys, log = () => undefined } = options
  const limits = limitsOf(options)
  const accepts = apiKeys === undefined ? undefined : keyCheck(apiKeys)
  const serving = new Serving()
  const gate = new TextGate(limits.maxWaiting)
  const metrics = createMetrics(
    { waiting: () => gate.waiting, phase: () => serving.phase },
    { ofProcess: true, ...metricsOptions },
  )
  const requests = new OpenRequests(metrics, log)
  const app = createApp({ serving, limits, gate, metrics, requests, log, accepts })
  await app.ready()
  let loading: ReturnType<typeof loadServedModel> | undefined
  return {
    app,
    serving,
    requests,
    metrics,
    log,
    load: async () => {
      const started = performance.now()
      loading = loadServedModel(options)
      const model = await loading
      serving.loaded(model)
      const { name, warnings } = model.predictor.info
      const ms = Math.round(performance.now() - started)
      return [
        { event: 'ready', model: model.id, name, ms },
        ...warnings.map((message) => ({ event: 'warning', message }) as const),
      ]
    },
    onFailure: (act) =>
      serving.onFailure((cause) => {
        log(failureEntry(cause))
        act(
          new KicError<ServerErrorCode>(
            'server/model-stopped',
            'startServer: the model must keep running, received the end of its thread. Start the server again.',
            { cause },
          ),
        )
      }),
    free: async () => {
      await app.close()
      const model = await loading?.catch(() => undefined)
      await model?.predictor.dispose()
    },
  }
}
