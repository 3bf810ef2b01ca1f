import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withOutputLock } from '@kic/core/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

const topics = {
  sport: 'striker goal league',
  politics: 'senate vote treaty',
  science: 'orbit fossil enzyme',
}
const rows = Array.from({ length: 300 }, (_, i) => {
  const [label = '', words = ''] = Object.entries(topics)[i % 3] ?? []
  return `${words.split(' ')[(i % 7) % 3]} on day ${i}\t${label}`
})

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-resume-'))
  file = join(folder, 'news.tsv')
  await writeFile(file, `text\tlabel\n${rows.join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}

const options =
  '--hidden 16 --layers 1 --vocabulary 150 --learning-rate 0.01 --batch-size 16 --epochs 6 --engine compiled'.split(
    ' ',
  )

/** Runs the command in a process of its own, and kills it when its log has a line that matches. */
const killed = (args: readonly string[], log: string, at: RegExp): Promise<NodeJS.Signals | null> =>
  new Promise((resolve, reject) => {
    const kicJs = join(import.meta.dirname, '../../bin/kic.js')
    const child = spawn(process.execPath, [kicJs, ...args], { stdio: 'ignore' })
    const watch = setInterval(() => {
      readFile(log, 'utf8').then(
        (text) => at.test(text) && child.kill('SIGKILL'),
        () => undefined,
      )
    }, 5)
    child.on('exit', (code, signal) => {
      clearInterval(watch)
      if (signal === null) reject(new Error(`kic ended with ${code} before it was killed`))
      else resolve(signal)
    })
  })

it('kic train that was killed is resumed by the same command, and leaves the same bits', async () => {
  const [output, log] = [join(folder, 'killed'), join(folder, 'log.jsonl')]
  const command = ['train', file, '-o', output, ...options, '--log', log]
  expect(await killed(command, log, /"event":"checkpoint".*"step":34,/)).toBe('SIGKILL')
  expect((await readdir(folder)).sort()).toEqual(['.killed.lock', 'killed.training', 'log.jsonl', 'news.tsv'])
  const resumed = await kic(...command)
  expect([resumed.code, resumed.err]).toEqual([0, expect.stringMatching(/resumed at step (34|51|68) of 102/)])
  expect((await readdir(folder)).sort()).toEqual(['killed', 'log.jsonl', 'news.tsv'])
  const undisturbed = join(folder, 'undisturbed')
  await kic('train', file, '-o', undisturbed, ...options)
  const weights = (of: string) => readFile(join(of, 'model.safetensors'))
  expect((await weights(output)).equals(await weights(undisturbed))).toBe(true)
  const events = (await readFile(log, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event)
  expect(events.filter((event) => event === 'start')).toHaveLength(2)
  expect(events.at(-1)).toBe('end')
}, 120_000)

it.each(['train', 'tapt', 'search'])('one process at a time writes an output: kic %s', async (command) => {
  const output = join(folder, 'shared')
  const { code, err } = await withOutputLock('another', output, () => kic(command, file, '-o', output))
  expect([code, err]).toEqual([1, expect.stringContaining(`received a lock of process ${process.pid} on `)])
  expect(err).toMatch(/^error: kic .*\(core\/locked\)\n$/)
})

it('an interrupted training with other options is not mixed with this one', async () => {
  const output = join(folder, 'interrupted')
  const controller = new AbortController()
  const io = fakeIo({ signal: controller.signal })
  const command = ['train', file, '-o', output, ...options]
  const running = run(command, {
    ...io,
    err: (text) => (text.includes('epoch 1.') ? controller.abort() : undefined),
  })
  expect(await running).toBe(130)
  const other = await kic(...command, '--seed', '2')
  expect([other.code, other.err]).toEqual([1, expect.stringContaining('another seed (1, now 2)')])
  expect((await kic(...command, '--seed', '2', '--restart')).code).toBe(0)
  expect(await readdir(folder)).not.toContain('interrupted.training')
}, 120_000)
