import type { ChildProcess } from 'node:child_process'
import { createServer, type Socket } from 'node:net'
import { badOption } from '../limits.ts'
import { stopListening } from '../run/drain.ts'
import { listen } from '../run/listen.ts'
import type { Log } from '../run/log.ts'
import { sumOfMetrics } from '../run/metrics.ts'
import { type RunningServer, runningServer } from '../run/running-server.ts'
import { endingOf, type ListeningOptions } from '../start-server.ts'
import { AnsweringProcess } from './answering-process.ts'

export interface ProcessesOptions extends ListeningOptions {
  /** How many processes answer, at most 256. */
  readonly processes: number
  /** Starts a process with a channel, as `fork` of `node:child_process` does, that calls `serveConnections`. */
  readonly fork: () => ChildProcess
  /** Receives what happens to the server; requests are logged by the processes that answer them. Default: nobody. */
  readonly log?: Log | undefined
}

/** Each process has the model, and more of them than processors gain nothing. */
const MOST_PROCESSES = 256

/**
 * Serves a model over HTTP by several processes. This one listens, and hands each connection over to one of the others in
 * turn. The promise resolves when all have loaded their model.
 *
 * @throws KicError `server/option`, `server/listen`, `server/process-ended`, and as `serveConnections` in the processes
 */
export const startProcesses = async (options: ProcessesOptions): Promise<RunningServer> => {
  const { processes: count, fork, port = 8080, host = '127.0.0.1', signal, log = () => undefined } = options
  const { delay, grace } = endingOf(options)
  if (!Number.isInteger(count) || count < 1 || count > MOST_PROCESSES)
    throw badOption(
      `processes must be an integer from 1 to ${MOST_PROCESSES}, received ${count}. Correct it.`,
    )
  signal?.throwIfAborted()
  const server = createServer({ pauseOnConnect: true })
  const url = await listen(server, { port, host })
  log({ event: 'listening', url })

  /** Processes that take connections. */
  const open: AnsweringProcess[] = []
  /** Connections that came before there was one. */
  const early: Socket[] = []
  let turn = 0
  const handOver = (socket: Socket): void => {
    const next = open[turn % open.length]
    turn += 1
    if (next === undefined) early.push(socket)
    else next.give(socket)
  }
  server.on('connection', (socket: Socket) => {
    // Until it is handed over, its client may leave.
    socket.on('error', () => undefined)
    handOver(socket)
  })

  const allMetrics = async (): Promise<string> =>
    sumOfMetrics(await Promise.all(answering.map((one) => one.metrics())))
  const answering = Array.from(
    { length: count },
    () => new AnsweringProcess(fork(), (error) => running.fail(error), allMetrics),
  )
  for (const one of answering) {
    one.opened.then(
      () => {
        open.push(one)
        for (const socket of early.splice(0)) handOver(socket)
      },
      () => undefined,
    )
    void one.ended.then(() => {
      if (open.includes(one)) open.splice(open.indexOf(one), 1)
    })
  }

  const running = runningServer(url, signal, async () => {
    const requests = await Promise.all(answering.map((one) => one.stop()))
    log({ event: 'stopping', requests: requests.reduce((sum, one) => sum + one, 0) })
    await stopListening(server, delay)
    await Promise.all(answering.map((one) => one.finish(grace)))
    for (const socket of early) socket.destroy()
    log({ event: 'stopped' })
  })
  try {
    const [entries = []] = await Promise.all(answering.map((one) => one.ready))
    signal?.throwIfAborted()
    for (const entry of entries) log(entry)
  } catch (error) {
    await running.close()
    throw error
  }
  return running
}
