import { Agent } from 'node:http'
import { connect } from 'node:net'
import { createRandom, KicError } from '@kic/core'
import { ask, codeOf } from './client.ts'
import { documentedAnswers, problemFault } from './documented.ts'
import { fuzzBytes, fuzzRequest } from './fuzz-request.ts'

/** Requests under way at once. */
const CLIENTS = 16
/** Every so many requests are raw bytes, on a connection of their own. */
const RAW_EVERY = 20
/** Bytes that are no whole request get no answer; their connection is left then. */
const RAW_MS = 300

export interface FuzzResult {
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>
}

/**
 * Sends random requests: every answer must have a documented status and shape, and the server must live on.
 *
 * @throws KicError `serve-check/fuzz` with the seed and the number of the request
 */
export const fuzz = async (url: string, requests: number, seed: number): Promise<FuzzResult> => {
  const check = await documentedAnswers(url)
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const statuses = new Map<number, number>()
  let next = 0
  const one = async (number: number): Promise<void> => {
    const random = createRandom(`${seed}/${number}`)
    const fail = (what: string, request: unknown): never => {
      throw new KicError(
        'serve-check/fuzz',
        `fuzz: answers must be as documented; ${what}, received for ${JSON.stringify(request).slice(0, 500)}. ` +
          `It is number ${number} of --seed ${seed}.`,
      )
    }
    if (number % RAW_EVERY === 0) {
      const bytes = fuzzBytes(random)
      const fault = await rawFault(url, bytes)
      if (fault !== undefined) fail(fault, bytes)
      return
    }
    const request = fuzzRequest(random)
    const signal = request.leaves ? AbortSignal.timeout(1) : undefined
    try {
      const answer = await ask(url, request.path, { ...request, agent, signal })
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      const fault = check(request.method, request.path, answer)
      if (fault !== undefined) fail(fault, request)
    } catch (error) {
      if (request.leaves && codeOf(error) === 'ABORT_ERR') return
      // A large body may still be on its way when its refusal closes the connection.
      if (Buffer.isBuffer(request.body) && ['EPIPE', 'ECONNRESET'].includes(codeOf(error))) return
      if (error instanceof KicError) throw error
      fail(`the connection ended with ${codeOf(error)}`, request)
    }
  }
  const client = async (): Promise<void> => {
    while (next < requests) await one(next++)
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  agent.destroy()
  const { status } = await ask(url, '/ready')
  if (status !== 200)
    throw new KicError('serve-check/fuzz', `fuzz: the server must live on, received ${status} of /ready.`)
  return { statuses }
}

/** What is wrong with the first answer to some bytes, if there is one. */
const rawFault = (url: string, bytes: string): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    let text = ''
    const late = setTimeout(() => socket.destroy(), RAW_MS)
    socket.setEncoding('utf8').on('data', (part) => {
      text += part
    })
    socket.on('error', (error) => {
      if (codeOf(error) !== 'ECONNRESET' && codeOf(error) !== 'EPIPE') reject(error)
    })
    socket.on('close', () => {
      clearTimeout(late)
      resolve(answerFault(text))
    })
    socket.end(bytes, 'latin1')
  })

const answerFault = (text: string): string | undefined => {
  const answer = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '')
  const [head = '', rest = ''] = answer.split('\r\n\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 200)
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? rest.length)
  const body = Buffer.from(rest).subarray(0, length).toString('utf8')
  return status >= 400 ? problemFault(status, /^content-type: (.+)$/im.exec(head)?.[1], body) : undefined
}
