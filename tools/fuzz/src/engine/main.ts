import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { KicError } from '@kic/core'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Tested } from './check.ts'
import type { Message, Task } from './worker.ts'

interface Options {
  readonly engine: Tested
  readonly programs: number
  readonly seed: number
  readonly at?: number | undefined
  readonly workers: number
  readonly findings: number
}

interface Finding {
  readonly index: number
  readonly message: string
  readonly program: string
}

/** Runs a share of the programs in a process of its own, as a fault of native code ends the process. */
const runWorker = (task: Task, onProgress: () => void, onFinding: (finding: Finding) => boolean) =>
  new Promise<Readonly<Record<string, number>>>((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)))
    let counts: Readonly<Record<string, number>> = {}
    let last = task.first
    child.on('message', (message: Message) => {
      if (message.kind === 'started') {
        last = message.index
        onProgress()
      } else if (message.kind === 'done') counts = message.counts
      else if (!onFinding(message)) child.kill()
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      if (code === 0 || signal === 'SIGTERM') return resolve(counts)
      const repeat = `npm run fuzz -- engine --engine ${task.engine} --seed ${task.seed} --at ${last}`
      reject(new KicError('fuzz/crash', `program ${last} ended its process (${signal ?? code}): ${repeat}`))
    })
    child.send(task)
  })

const fuzz = async ({ engine, programs, seed, at, workers, findings: most }: Options): Promise<void> => {
  const started = performance.now()
  let [count, reported] = [0, started]
  const findings: Finding[] = []
  const onProgress = (): void => {
    count++
    if (performance.now() - reported < 2_000) return
    reported = performance.now()
    process.stderr.write(`\r${count} of ${programs} programs `)
  }
  const onFinding = (finding: Finding): boolean => {
    findings.push(finding)
    process.stderr.write('\r\u001b[K')
    console.log(`\nprogram ${finding.index}: ${finding.message}\n${finding.program}`)
    console.log(`// again: npm run fuzz -- engine --engine ${engine} --seed ${seed} --at ${finding.index}\n`)
    return findings.length < most
  }
  const tasks: Task[] =
    at === undefined
      ? Array.from({ length: workers }, (_, first) => ({ engine, seed, first, step: workers, end: programs }))
      : [{ engine, seed, first: at, step: 1, end: at + 1 }]
  const counts = await Promise.all(tasks.map((task) => runWorker(task, onProgress, onFinding)))
  process.stderr.write('\r\u001b[K')
  const total = new Map<string, number>()
  for (const [name, n] of counts.flatMap((entries) => Object.entries(entries))) {
    total.set(name, (total.get(name) ?? 0) + n)
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const parts = [...total].sort(([, a], [, b]) => b - a).map(([name, n]) => `${name} ${n}`)
  console.log(`engine: ${count} programs in ${seconds} s, ${findings.length} findings (${parts.join(', ')})`)
  if (findings.length > 0) {
    const first = Math.min(...findings.map(({ index }) => index))
    throw new KicError('fuzz/finding', `engine: the first finding is program ${first} of seed ${seed}`)
  }
}

const natural = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a natural number')
  return value
}

/** Random programs on an engine that records and on TensorFlow.js's cpu backend. */
export const engineCommand = new Command('engine')
  .description(
    'Runs random programs on the compiled engine, exported files among them, or on webgpu, and on the cpu backend.',
  )
  .addOption(
    new Option('--engine <name>', 'the tested engine').choices(['compiled', 'webgpu']).default('compiled'),
  )
  .option('--programs <number>', 'how many', natural, 10_000)
  .option('--seed <number>', 'of the programs; every run prints its own', natural, Date.now() % 2 ** 31)
  .option('--at <number>', 'this program of the seed alone', natural)
  .option('--workers <number>', 'processes', natural, 2)
  .option('--findings <number>', 'ends after so many', natural, 1)
  .addHelpText(
    'after',
    '\nExamples:\n  npm run fuzz -- engine --programs 100000\n  npm run fuzz -- engine --seed 7 --at 1234',
  )
  .action(async (options: Options) => {
    console.log(`seed ${options.seed}`)
    await fuzz(options)
  })
