import { Agent } from 'node:http'
import { setTimeout as delayed } from 'node:timers/promises'
import { KicError, type Random } from '@kic/core'
import { classify, codeOf } from './client.ts'
import type { StartedServer } from './started-server.ts'

const KEPT_ALIVE = 16
const FRESH = 4

/** What happened to the requests of one round. */
export interface Round {
  readonly answered: number
  /** Answered after the signal. */
  readonly late: number
  /** On new connections after the signal, which were refused. */
  readonly refused: number
}

/**
 * Sends SIGTERM to a server under load. Clients on open connections must have an answer to every request that they send,
 * until an answer closes their connection; new connections may be refused after the signal.
 *
 * @throws KicError `serve-check/lost-request`, `serve-check/exit`
 */
export const sigtermRound = async (start: () => Promise<StartedServer>, random: Random): Promise<Round> => {
  const server = await start()
  let [answered, late, refused, signalled] = [0, 0, 0, false]
  const lost: string[] = []
  const texts = (): readonly string[] =>
    Array.from({ length: 1 + Math.floor(8 * random.next()) }, (_, i) => `카센터에서 타이어 교환 ${i}`)

  const take = (status: number, body: string): void => {
    if (status !== 200) lost.push(`an answer of status ${status}: ${body}`)
    answered += 1
    if (signalled) late += 1
  }
  const keptAlive = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    let open = false
    try {
      for (;;) {
        const before = signalled
        try {
          const { status, headers, body } = await classify(server.url, { texts: texts() }, { agent })
          take(status, body)
          open = true
          if (headers.connection === 'close') return
        } catch (error) {
          if (open) lost.push(`${codeOf(error)} on an open connection`)
          else if (!before) lost.push(`${codeOf(error)} on a connection that was made before the signal`)
          else refused += 1
          return
        }
      }
    } finally {
      agent.destroy()
    }
  }
  const fresh = async (): Promise<void> => {
    for (;;) {
      const before = signalled
      try {
        const { status, body } = await classify(server.url, { texts: texts() }, { agent: new Agent() })
        take(status, body)
      } catch (error) {
        // A connection that was only just made when listening ended is refused by the kernel: the server never had it.
        if (before) refused += 1
        else if (signalled && codeOf(error) === 'ECONNRESET') refused += 1
        else lost.push(`${codeOf(error)} on a new connection`)
        return
      }
    }
  }
  const clients = [...Array.from({ length: KEPT_ALIVE }, keptAlive), ...Array.from({ length: FRESH }, fresh)]
  await delayed(200 + 400 * random.next())
  signalled = true
  const code = await server.stop()
  await Promise.all(clients)
  if (lost.length > 0)
    throw new KicError(
      'serve-check/lost-request',
      `sigtermRound: every request must have its answer, received ${lost.length} without: ${[...new Set(lost)].join('; ')}.`,
    )
  if (code !== 0)
    throw new KicError('serve-check/exit', `sigtermRound: the server must end with 0, received ${code}.`)
  return { answered, late, refused }
}
