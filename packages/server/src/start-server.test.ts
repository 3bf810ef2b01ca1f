import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { modelFolder } from '@kic/model-mini'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Call, scriptedPredictor } from './__fixtures__/scripted-predictor.ts'
import type { LogEntry } from './run/log.ts'
import type { RunningServer } from './run/running-server.ts'
import { type ServerOptions, startServer } from './start-server.ts'

const running: RunningServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

const start = async (
  options: Partial<ServerOptions> & { before?: (call: Call) => Promise<void> | undefined } = {},
) => {
  const { before, ...rest } = options
  const scripted = scriptedPredictor(before)
  const logged: LogEntry[] = []
  const server = await startServer({
    model: { predictor: scripted.predictor, id: 'foods-1' },
    port: 0,
    log: (entry) => logged.push(entry),
    ...rest,
  })
  running.push(server)
  return { ...scripted, server, logged, port: Number(new URL(server.url).port) }
}

const json = { 'content-type': 'application/json' }
const classify = (url: string, body: unknown, agent?: Agent) =>
  new Promise<{ status: number | undefined; connection: string | undefined; body: string }>(
    (resolve, reject) => {
      const request = httpRequest(
        `${url}/v1/classify`,
        { method: 'POST', headers: json, agent },
        (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (part) => {
            text += part
          })
          response.on('end', () =>
            resolve({ status: response.statusCode, connection: response.headers.connection, body: text }),
          )
        },
      )
      request.on('error', reject)
      request.end(JSON.stringify(body))
    },
  )

/** What a server answers to bytes, until it closes the connection. */
const raw = async (port: number, bytes: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  socket.write(bytes)
  await once(socket, 'close')
  return text
}

/** Makes a connection, and leaves it. */
const connected = async (port: number): Promise<void> => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
}

/** A promise that a test settles. */
const gate = () => {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe('startServer', () => {
  it('serves a saved model, whose files its id is of', async () => {
    const { server, logged } = await start({ model: modelFolder })
    const answer = await fetch(`${server.url}/v1/classify`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ texts: ['카센터에서 자동차부분정비 타이어오일교환', '???'] }),
    })
    const { model, predictions } = await answer.json()
    expect(predictions).toMatchObject([
      { status: 'coded', codes: { section: { code: 'S' }, group: { code: '952' } } },
      { status: 'unusable', reason: 'no-letters' },
    ])
    expect(model).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await (await fetch(`${server.url}/v1/model`)).json()).toMatchObject({ id: model, name: 'model' })
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^process_resident_memory_bytes \d/m)
    expect(logged.map(({ event }) => event)).toEqual(['listening', 'ready', 'request', 'request', 'request'])
  })

  it('ends at once if the model cannot be loaded, or the port is taken', async () => {
    await expect(startServer({ model: '/nowhere', port: 0 })).rejects.toMatchObject({
      code: 'predictor/config',
    })
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await expect(startServer({ model: modelFolder, port })).rejects.toMatchObject({ code: 'server/listen' })
    other.close()
    await expect(startServer({ model: modelFolder, grace: -1 })).rejects.toMatchObject({
      code: 'server/option',
    })
    await expect(startServer({ model: modelFolder, apiKeys: ['short'] })).rejects.toMatchObject({
      code: 'server/api-keys',
    })
  })

  it('aborts the work of a client that leaves', async () => {
    const { server, calls, logged } = await start({ before: () => new Promise(() => undefined) })
    const controller = new AbortController()
    const left = fetch(`${server.url}/v1/classify`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ text: '쌀' }),
      signal: controller.signal,
    })
    left.catch(() => undefined)
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    expect(calls[0]?.options.signal?.aborted).toBe(false)
    controller.abort()
    await vi.waitFor(() => expect(calls[0]?.options.signal?.aborted).toBe(true))
    await vi.waitFor(() => expect(logged.at(-1)).toMatchObject({ event: 'request', status: 499, texts: 1 }))
    expect(logged.map(({ event }) => event)).not.toContain('failure')
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^kic_waiting_texts 0$/m)
  })
})

describe('what is not HTTP', () => {
  it.each([
    ['nonsense', 'hello\r\n\r\n', 400, 'bad-request'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'bad-request'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'bad-request',
    ],
    ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
    [
      'large headers',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
    ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'method-not-allowed'],
    ['an expectation', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: cake\r\n\r\n', 417, 'expectation-failed'],
  ])('is a problem: %s', async (_name, bytes, status, kind) => {
    const { port } = await start()
    const [head = '', body = ''] = (await raw(port, bytes)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(head.toLowerCase()).toContain('content-type: application/problem+json')
    expect(JSON.parse(body)).toMatchObject({ type: `urn:kic:problem:${kind}`, status })
  })

  it('does not hold the connection of a request that does not arrive', async () => {
    const { port } = await start({ timeout: 0.1 })
    const answer = await raw(
      port,
      'POST /v1/classify HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    )
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect(answer).toContain('urn:kic:problem:request-timeout')
  })

  it('leaves the server as it was', async () => {
    const { server } = await start()
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
  })
})

describe('close', () => {
  it('finishes what has arrived, refuses new connections, and frees the model', async () => {
    const work = gate()
    const { server, port, disposed, calls } = await start({ before: () => work.opened })
    const answer = classify(server.url, { text: '쌀' })
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    const closed = server.close()
    await vi.waitFor(() => expect(connected(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' }))
    expect(disposed()).toBe(false)
    work.open()
    expect(await answer).toMatchObject({ status: 200, connection: 'close' })
    await closed
    await server.ended
    expect(disposed()).toBe(true)
  })

  it('answers one more request of an open connection, and closes it then', async () => {
    const { server, calls } = await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    expect(await classify(server.url, { text: '쌀' }, agent)).toMatchObject({ connection: 'keep-alive' })
    const closed = server.close()
    expect(await classify(server.url, { text: '밀' }, agent)).toMatchObject({
      status: 200,
      connection: 'close',
    })
    await closed
    expect(calls).toHaveLength(2)
    agent.destroy()
  })

  it('keeps listening until load balancers have noticed', async () => {
    const { server } = await start({ drain: 0.3 })
    const closed = server.close()
    expect((await fetch(`${server.url}/ready`)).status).toBe(503)
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
    expect((await classify(server.url, { text: '쌀' })).status).toBe(200)
    await closed
  })

  it('answers connections that it has not accepted yet', async () => {
    const { server } = await start()
    const answers = Array.from({ length: 30 }, () => classify(server.url, { text: '쌀' }))
    // By then the kernel has made the connections.
    await new Promise(process.nextTick)
    const closed = server.close()
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([200]))
    await closed
  })

  it('does not wait for connections without a request', async () => {
    const { server, port } = await start()
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    await server.close()
    socket.destroy()
  })

  it('cuts off what is not finished in time', async () => {
    const { server, calls } = await start({ grace: 0.05, before: () => new Promise(() => undefined) })
    const answer = classify(server.url, { text: '쌀' })
    answer.catch(() => undefined)
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    await server.close()
    await expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(calls[0]?.options.signal?.aborted).toBe(true)
  })

  it('comes from a signal, too', async () => {
    const controller = new AbortController()
    const { server, disposed } = await start({ signal: controller.signal })
    controller.abort(new Error('terminated'))
    await server.ended
    expect(disposed()).toBe(true)
    await expect(start({ signal: controller.signal })).rejects.toThrow('terminated')
  })

  it('follows the end of the model', async () => {
    const { KicError } = await import('@kic/core')
    const { server } = await start({
      before: () => Promise.reject(new KicError('predictor/thread-ended', 'predict: the thread ended.')),
    })
    expect((await classify(server.url, { text: '쌀' })).status).toBe(503)
    await expect(server.ended).rejects.toMatchObject({ code: 'server/model-stopped' })
  })
})
