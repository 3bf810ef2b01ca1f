import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delayed } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it, vi } from 'vitest'
import type { LogEntry } from '../run/log.ts'
import type { RunningServer } from '../run/running-server.ts'
import { startProcesses } from './start-processes.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../__fixtures__/${name}`, import.meta.url))
const program = fixture('answering-child.ts')
const execArgv = ['--conditions=@kic/source', '--import', 'tsx']

const running: RunningServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

const start = async ({ model = 'scripted', delay = 0, processes = 2, maxTexts = 5, grace = 5 } = {}) => {
  const children: ChildProcess[] = []
  const logged: LogEntry[] = []
  const server = await startProcesses({
    port: 0,
    processes,
    grace,
    log: (entry) => logged.push(entry),
    fork: () => {
      const child = fork(program, [model, String(delay), String(maxTexts)], { execArgv, silent: true })
      children.push(child)
      return child
    },
  })
  running.push(server)
  return { server, children, logged }
}

interface Answer {
  readonly status: number | undefined
  readonly model: string
  readonly connection: string | undefined
}

const classify = (url: string, agent: Agent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = httpRequest(
      `${url}/v1/classify`,
      { method: 'POST', headers: { 'content-type': 'application/json' }, agent },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part) => {
          text += part
        })
        response.on('end', () => {
          const { model = '' } = JSON.parse(text)
          resolve({ status: response.statusCode, model, connection: response.headers.connection })
        })
      },
    )
    request.on('error', reject)
    request.end(JSON.stringify({ text: '쌀' }))
  })

const fresh = (): Agent => new Agent({ keepAlive: true, maxSockets: 1 })

it('hands connections over in turn, and keeps one process per connection', async () => {
  const { server, children, logged } = await start()
  const agents = Array.from({ length: 4 }, fresh)
  const answered = new Map<string, number>()
  for (const agent of agents) {
    const models = [await classify(server.url, agent), await classify(server.url, agent)].map(
      ({ model }) => model,
    )
    expect(models[0]).toBe(models[1])
    answered.set(models[0] ?? '', (answered.get(models[0] ?? '') ?? 0) + 1)
  }
  expect(answered).toEqual(new Map(children.map(({ pid }) => [String(pid), 2])))

  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toContain('kic_http_requests_total{method="POST",route="/v1/classify",status="200"} 8')
  expect(metrics).toMatch(/^kic_ready 1$/m)
  expect(metrics).toMatch(/^process_resident_memory_bytes \d/m)
  expect((await fetch(`${server.url}/ready`)).status).toBe(200)

  for (const agent of agents) agent.destroy()
  await server.close()
  expect(logged.map(({ event }) => event)).toEqual(['listening', 'ready', 'stopping', 'stopped'])
  expect(children.map(({ exitCode }) => exitCode)).toEqual([0, 0])
})

it('shares the waiting texts out to the processes', async () => {
  const { server } = await start({ delay: 300, processes: 1 })
  const agents = Array.from({ length: 6 }, fresh)
  const statuses = await Promise.all(agents.map(async (agent) => (await classify(server.url, agent)).status))
  // Ten texts may wait in two processes, of which this is one.
  expect(statuses.sort()).toEqual([200, 200, 200, 200, 200, 429])
  for (const agent of agents) agent.destroy()
})

it('answers every accepted request before it ends, also on connections that are open', async () => {
  const { server, logged } = await start({ delay: 100 })
  const agents = Array.from({ length: 8 }, fresh)
  await Promise.all(agents.map((agent) => classify(server.url, agent)))
  const late = agents.map((agent) => classify(server.url, agent))
  await delayed(30)
  const closed = server.close()
  await delayed(20)
  await expect(fetch(`${server.url}/health`)).rejects.toThrow()
  expect((await Promise.all(late)).map(({ status, connection }) => [status, connection])).toEqual(
    late.map(() => [200, 'close']),
  )
  await closed
  expect(logged).toContainEqual({ event: 'stopping', requests: 8 })
})

it('ends with the error of a model that cannot be loaded', async () => {
  await expect(start({ model: '/nowhere' })).rejects.toMatchObject({ code: 'predictor/config' })
})

it('ends with the error of options that the processes refuse', async () => {
  await expect(start({ maxTexts: 11 })).rejects.toMatchObject({ code: 'server/option' })
})

it.each([0, 1.5, 257, 1e6])('starts none of %s processes', async (processes) => {
  await expect(start({ processes })).rejects.toMatchObject({
    code: 'server/option',
    message: expect.stringContaining(`from 1 to 256, received ${processes}`),
  })
})

it('answers metrics and ends without a process that hangs', { timeout: 20_000 }, async () => {
  const { server, children, logged } = await start({ grace: 0.1 })
  children[0]?.kill('SIGSTOP')
  const metricsOf = async (agent: Agent): Promise<string> => {
    await classify(server.url, agent)
    return new Promise((resolve, reject) => {
      httpRequest(`${server.url}/metrics`, { agent }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part) => {
          text += part
        })
        response.on('end', () => resolve(text))
      })
        .on('error', reject)
        .end()
    })
  }
  const agents = Array.from({ length: 2 }, fresh)
  const metrics = await Promise.any(agents.map(metricsOf))
  expect(metrics).toContain('kic_http_requests_total{method="POST",route="/v1/classify",status="200"} 1')
  for (const agent of agents) agent.destroy()
  await server.close()
  expect(logged.map(({ event }) => event)).toEqual(['listening', 'ready', 'stopping', 'stopped'])
  expect(children.map(({ signalCode }) => signalCode)).toEqual(['SIGKILL', null])
})

it('ends when a process does, after the requests of the others', async () => {
  const { server, children } = await start({ delay: 200 })
  const agents = Array.from({ length: 2 }, fresh)
  const answers = Promise.allSettled(agents.map((agent) => classify(server.url, agent)))
  await delayed(50)
  children[0]?.kill('SIGKILL')
  await expect(server.ended).rejects.toMatchObject({ code: 'server/process-ended' })
  expect((await answers).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  for (const agent of agents) agent.destroy()
})

it('bounds the time for headers to arrive, and survives clients that leave at once', async () => {
  const { server } = await start()
  const port = Number(new URL(server.url).port)
  for (let i = 0; i < 20; i++) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.resetAndDestroy()
  }
  const socket = connect(port, '127.0.0.1')
  socket.write('POST /v1/classify HT')
  socket.end()
  let text = ''
  socket.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  await once(socket, 'close')
  expect(text).toMatch(/^HTTP\/1.1 400 /)
  expect((await fetch(`${server.url}/health`)).status).toBe(200)
})

it('needs a parent', async () => {
  const alone = spawn(process.execPath, [...execArgv, program, 'scripted'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let told = ''
  alone.stderr.setEncoding('utf8').on('data', (text) => {
    told += text
  })
  await once(alone, 'close')
  expect(told).toContain('server/no-parent')
})

it('ends its processes with itself', async () => {
  const parent = spawn(process.execPath, [...execArgv, fixture('listening-parent.ts'), program])
  let printed = ''
  parent.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text
  })
  await vi.waitFor(() => expect(printed).toMatch(/\n/), { timeout: 20_000 })
  parent.kill('SIGKILL')
  const isRunning = (pid: number): boolean => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  const pids: number[] = JSON.parse(printed)
  expect(pids).toHaveLength(2)
  await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 10_000 })
})
