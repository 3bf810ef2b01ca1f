import type { Socket } from 'node:net'
import { isKicError, KicError } from '@kic/core'
import { type AnsweringOptions, type AnsweringServer, createAnsweringServer } from '../answering-server.ts'
import type { ServerErrorCode } from '../error-code.ts'
import { limitsOf } from '../limits.ts'
import { finishRequests } from '../run/drain.ts'
import type { Order, Report } from './messages.ts'

/** What every answering process of a server answers, and how. */
export interface ConnectionsOptions extends Omit<AnsweringOptions, 'threads'> {
  /** Number of processes that share `maxWaiting`. */
  readonly processes: number
}

/**
 * Answers the connections that the parent process accepts by `startProcesses`, which started this process with a channel. Reads
 * requests, runs the model and writes answers on one thread: nothing crosses threads, and each process has its own batches.
 *
 * @returns a promise that resolves when the parent has ended the server
 * @throws KicError `server/no-parent`; errors of the options and of the model go to the parent
 */
export const serveConnections = async ({ processes, ...options }: ConnectionsOptions): Promise<void> => {
  const report = channelToParent()
  const fail = (error: unknown): void => {
    const code = isKicError(error) ? error.code : 'server/process-ended'
    report({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) })
  }
  const allMetrics = new Map<number, (text: string) => void>()
  let asked = 0
  const together = (): Promise<string> =>
    new Promise((resolve) => {
      asked += 1
      allMetrics.set(asked, resolve)
      report({ kind: 'ask-metrics', id: asked })
    })
  const creating = async (): Promise<AnsweringServer> =>
    createAnsweringServer({ ...options, maxWaiting: shareOf(options, processes), threads: 0 }, { together })
  const answering = await creating().catch(fail)
  if (answering === undefined) {
    leaveParent()
    return
  }
  const { app, serving, requests, metrics } = answering
  const { server } = app
  // From this event on, Node.js bounds the time for headers and bodies to arrive.
  server.emit('listening')

  const sockets = new Set<Socket>()
  const take = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // As an HTTP server's own sockets are.
    socket.allowHalfOpen = true
    socket.setNoDelay(true)
    server.emit('connection', socket)
    socket.resume()
  }
  const finishing = new Promise<number>((resolve) => {
    process.on('message', (order: Order, socket?: Socket) => {
      switch (order.kind) {
        case 'connection':
          // Absent if the client has left on the way.
          if (socket !== undefined) take(socket)
          return
        case 'stop':
          serving.stop()
          report({ kind: 'stopping', requests: requests.count })
          return
        case 'finish':
          resolve(order.grace)
          return
        case 'give-metrics':
          void metrics.values().then((values) => report({ kind: 'metrics', id: order.id, metrics: values }))
          return
        case 'all-metrics':
          allMetrics.get(order.id)?.(order.text)
          allMetrics.delete(order.id)
      }
    })
  })
  report({ kind: 'open' })
  answering.onFailure(fail)
  await answering.load().then((entries) => report({ kind: 'ready', entries }), fail)
  const grace = await finishing
  await finishRequests(
    server,
    () => sockets.size,
    () => requests.count,
    grace,
  )
  await answering.free()
  leaveParent()
}

/** Texts that may wait in one of the processes. */
const shareOf = (options: AnsweringOptions, processes: number): number => {
  const { maxWaiting, maxTexts } = limitsOf(options)
  return Math.max(Math.ceil(maxWaiting / processes), maxTexts)
}

/** Without its parent, a process has nobody who accepts connections or stops it. */
const endAlone = (): void => process.exit(1)

/** The open channel would keep the process running. */
const leaveParent = (): void => {
  process.off('disconnect', endAlone)
  process.disconnect()
}

const channelToParent = (): ((report: Report) => void) => {
  if (process.send === undefined)
    throw new KicError<ServerErrorCode>(
      'server/no-parent',
      'serveConnections: the process must have a channel to its parent, received none. Start it with `fork` by startProcesses.',
    )
  process.once('disconnect', endAlone)
  return (report) => {
    if (process.connected) process.send?.(report)
  }
}
