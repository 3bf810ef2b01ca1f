import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

const KEY = 'key-of-the-office-0123'

let folder: string
let keys: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-serve-'))
  keys = join(folder, 'keys.txt')
  await writeFile(keys, `# the office\n${KEY}\n`)
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs the command until `use` is done with its URL. */
const serving = async (args: readonly string[], use: (url: string) => Promise<void>) => {
  const interrupt = new AbortController()
  const io = fakeIo({ signal: interrupt.signal })
  const ended = run(['serve', '--port', '0', '--processes', '1', ...args], io)
  await vi.waitFor(() => expect(io.printed()).toContain('"event":"ready"'), { timeout: 20_000 })
  const { url } = JSON.parse(io.printed().split('\n', 1)[0] ?? '')
  try {
    await use(url)
  } finally {
    interrupt.abort(new Error('interrupted'))
  }
  const code = await ended
  const entries = io
    .printed()
    .trim()
    .split('\n')
    .map((line): { event: string } => JSON.parse(line))
  return { code, entries, err: io.told() }
}

it('serves the bundled model until it is interrupted', async () => {
  const { code, entries, err } = await serving(['--max-texts', '2', '--api-keys-file', keys], async (url) => {
    const post = async (texts: readonly string[], key: string) =>
      fetch(`${url}/v1/classify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify({ texts }),
      })
    const answer = await (await post(['논에서 벼재배', '???'], KEY)).json()
    expect(answer.predictions.map(({ status }: { status: string }) => status)).toEqual(['coded', 'unusable'])
    expect((await post(['a', 'b', 'c'], KEY)).status).toBe(422)
    expect((await post(['a'], 'another-key-0123456789')).status).toBe(401)
  })
  expect([code, err]).toEqual([0, ''])
  const requests = entries.filter(({ event }) => event === 'request')
  expect(requests).toMatchObject([{ status: 200, texts: 2 }, { status: 422 }, { status: 401 }])
})

it('reads API keys once for all processes, also from a pipe', { timeout: 60_000 }, async () => {
  const pipe = join(folder, 'keys.pipe')
  execFileSync('mkfifo', [pipe])
  const kicJs = join(import.meta.dirname, '../../bin/kic.js')
  const args = ['serve', '--port', '0', '--processes', '2', '--api-keys-file', pipe]
  const server = spawn(process.execPath, [kicJs, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  await writeFile(pipe, `${KEY}\n`)
  let printed = ''
  server.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text
  })
  await vi.waitFor(() => expect(printed).toContain('"event":"ready"'), { timeout: 50_000 })
  const { url } = JSON.parse(printed.split('\n', 1)[0] ?? '')
  const statusOf = async (key: string): Promise<number> =>
    (await fetch(`${url}/v1/model`, { headers: { 'x-api-key': key, connection: 'close' } })).status
  expect([await statusOf(KEY), await statusOf(KEY), await statusOf('another-key-0123456789')]).toEqual([
    200, 200, 401,
  ])
  server.kill('SIGTERM')
  expect(await once(server, 'close')).toEqual([0, null])
})

it('logs no requests with --quiet', async () => {
  const { entries } = await serving(['--quiet'], async (url) => {
    expect((await fetch(`${url}/ready`)).status).toBe(200)
  })
  expect(entries.map(({ event }) => event)).not.toContain('request')
})

it.each<[readonly string[], number, string]>([
  [['--port', '70000'], 2, 'It must be an integer from 0 to 65535.'],
  [['--grace', '-1'], 2, 'It must be a number of at least 0.'],
  [['--max-texts', '0'], 2, 'It must be an integer of at least 1.'],
  [['--api-keys-file', '/nowhere/keys.txt'], 1, '(cli/api-keys-file)'],
  [['--max-waiting', '10'], 1, '(server/option)'],
  [['--host', '203.0.113.1'], 1, '(server/listen)'],
  [['-m', '/nowhere'], 1, '(predictor/config)'],
])('refuses %j', async (args, code, message) => {
  const io = fakeIo()
  expect(await run(['serve', '--port', '0', '--processes', '1', ...args], io)).toBe(code)
  expect(io.told()).toContain(message)
})

it('never quotes a key', async () => {
  const path = join(folder, 'short.txt')
  await writeFile(path, 'secret\n')
  const io = fakeIo()
  expect(await run(['serve', '--port', '0', '--api-keys-file', path], io)).toBe(1)
  expect(io.told()).toContain('(server/api-keys)')
  expect(io.told()).not.toContain('secret')
})
