import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { withOutputLock } from './output-lock.ts'

let root: string
let folder: string
let output: string
let count = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kic-lock-'))
})
beforeEach(() => {
  folder = join(root, `${++count}`)
  output = join(folder, 'model')
})
afterAll(() => rm(root, { recursive: true }))

const lockFile = (): string => join(folder, '.model.lock')
const files = (): Promise<string[]> => readdir(folder).catch(() => [])

/** A process that holds the lock until it is told to end, or for ever. */
const holder = async (
  program = 'await new Promise((end) => process.stdin.once("data", end))',
  first = '',
) => {
  const source = JSON.stringify(join(import.meta.dirname, 'output-lock.ts'))
  const script = `
    import { existsSync } from 'node:fs'
    import { withOutputLock } from ${source}
    ${first}
    try {
      await withOutputLock('holder', ${JSON.stringify(output)}, async () => { console.log('held'); ${program} })
      console.log('ended')
    } catch (error) {
      console.log(error.code, error.message)
    }
    process.stdin.destroy()`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let told = ''
  child.stdout.on('data', (text) => {
    told += text
  })
  const exit = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), exit])
  return { child, exit, told: () => told }
}

it('is there during the work, whatever becomes of it, and leaves nothing behind', async () => {
  const seen = await withOutputLock('first', output, async () => {
    const { pid, host } = JSON.parse(await readFile(lockFile(), 'utf8'))
    return [pid, host, process.listenerCount('exit')]
  })
  expect(seen.slice(0, 2)).toEqual([process.pid, hostname()])
  expect(process.listenerCount('exit')).toBe(Number(seen[2]) - 1)
  const failing = withOutputLock('first', output, () => Promise.reject(new Error('no rows')))
  await expect(failing).rejects.toThrow('no rows')
  expect(await readdir(root)).not.toContain(String(count))
  await withOutputLock('first', output, () => writeFile(output, 'done'))
  expect(await files()).toEqual(['model'])
})

it('lets one process write at a time, and names it', async () => {
  const { child, exit, told } = await holder()
  const second = withOutputLock('second', output, async () => 'written')
  await expect(second).rejects.toMatchObject({
    code: 'core/locked',
    message: expect.stringContaining(
      `second: one process at a time may write ${output}, received a lock of process ${child.pid} on ${hostname()} since 2`,
    ),
  })
  await withOutputLock('second', join(folder, 'another'), async () => undefined)
  child.stdin.end('end')
  await exit
  expect(told()).toBe('held\nended\n')
  expect(await withOutputLock('second', output, async () => 'written')).toBe('written')
})

it.runIf(process.platform !== 'win32')('is the same behind a link', async () => {
  const link = join(root, `link-${count}`)
  await symlink(output, link)
  const inner = () => withOutputLock('inner', link, async () => undefined)
  await expect(withOutputLock('outer', output, inner)).rejects.toMatchObject({ code: 'core/locked' })
  await inner()
})

it('is not for two works of one process either', async () => {
  const inner = () => withOutputLock('inner', output, async () => undefined)
  await expect(withOutputLock('outer', output, inner)).rejects.toMatchObject({ code: 'core/locked' })
  await inner()
})

it.runIf(process.platform !== 'win32')(
  'is removed on a signal, by which the process still ends',
  async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const { child, exit } = await holder()
      child.kill(signal)
      expect(await exit).toEqual([null, signal])
      expect(await files()).toEqual([])
    }
    const { exit } = await holder('process.exit(7)')
    expect(await exit).toEqual([7, null])
    expect(await files()).toEqual([])
  },
)

it.runIf(process.platform !== 'win32')('stays until a program that handles signals has ended', async () => {
  const { child, exit, told } = await holder(
    `const running = setInterval(() => undefined, 50)
     await new Promise((end) => { finish = end })
     console.log(existsSync(${JSON.stringify(lockFile())}))
     clearInterval(running)`,
    'let finish; process.once("SIGTERM", () => setTimeout(() => finish(), 100))',
  )
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
  expect(told()).toBe('held\ntrue\nended\n')
  expect(await files()).toEqual([])
})

it('is taken over from a process that was killed, by one of several', async () => {
  const { child, exit } = await holder()
  child.kill('SIGKILL')
  await exit
  expect(await files()).toEqual(['.model.lock'])
  let [inside, most] = [0, 0]
  const works = Array.from({ length: 8 }, (_, i) =>
    withOutputLock(`work ${i}`, output, async () => {
      inside += 1
      most = Math.max(most, inside)
      await new Promise((resolve) => setTimeout(resolve, 200))
      inside -= 1
    }),
  )
  const results = await Promise.allSettled(works)
  expect(results.some(({ status }) => status === 'fulfilled')).toBe(true)
  expect(most).toBe(1)
  expect(await files()).toEqual([])
})

const left = (owner: object) => ({
  pid: process.ppid,
  host: hostname(),
  since: '2026-01-01T00:00:00Z',
  ...owner,
})

it.runIf(process.platform === 'linux')(
  'is taken over where another process has its number, in this machine alone',
  async () => {
    await withOutputLock('make', output, () => writeFile(output, ''))
    await writeFile(lockFile(), JSON.stringify(left({ start: '1' })))
    expect(await withOutputLock('work', output, async () => 'written')).toBe('written')
    await writeFile(lockFile(), JSON.stringify(left({})))
    await expect(withOutputLock('work', output, async () => '')).rejects.toMatchObject({
      code: 'core/locked',
      message: expect.stringContaining(`process ${process.ppid} on`),
    })
    await writeFile(lockFile(), JSON.stringify(left({ host: 'elsewhere', start: '1' })))
    await expect(withOutputLock('work', output, async () => '')).rejects.toThrow('on elsewhere since')
    expect((await files()).sort()).toEqual(['.model.lock', 'model'])
  },
)

it('is taken over though a process was killed while it took over', async () => {
  await withOutputLock('make', output, () => writeFile(output, ''))
  const ended = JSON.stringify(left({ pid: 2 ** 30, since: '2026-01-01T00:00:00Z' }))
  await writeFile(lockFile(), ended)
  await writeFile(`${lockFile()}.taken`, '')
  await utimes(`${lockFile()}.taken`, 0, 0)
  expect(await withOutputLock('work', output, async () => 'written')).toBe('written')
  expect(await files()).toEqual(['model'])
})

it('waits for a lock that is being written, and says what to remove where it never is', async () => {
  await withOutputLock('make', output, () => writeFile(output, ''))
  await writeFile(lockFile(), '')
  setTimeout(() => void rm(lockFile()), 120)
  expect(await withOutputLock('work', output, async () => 'written')).toBe('written')
  await writeFile(lockFile(), '{"pid":0}')
  await expect(withOutputLock('work', output, async () => '')).rejects.toMatchObject({
    code: 'core/locked',
    message: expect.stringContaining(`Remove ${lockFile()}.`),
  })
})

it('says where no lock can be written', async () => {
  await withOutputLock('make', output, () => writeFile(output, ''))
  const below = withOutputLock('work', join(output, 'below'), async () => '')
  await expect(below).rejects.toMatchObject({
    code: 'core/output',
    message: expect.stringContaining('below'),
  })
})
