import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isKicError } from '@kic/core'
import { Command, InvalidArgumentError } from 'commander'
import { mountedScenarios, plainScenarios } from './bad-disks.ts'
import { killOften, randomMoments } from './kills.ts'
import { differingTensors, smallRun } from './small-run.ts'

const positive = (text: string): number => {
  const value = Number(text)
  if (!(Number.isInteger(value) && value > 0))
    throw new InvalidArgumentError('It must be a positive integer.')
  return value
}

interface Options {
  readonly kills: number
  readonly seed: string
  readonly skipDisks?: boolean | undefined
}

const run = async ({ kills, seed, skipDisks }: Options): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-torture-'))
  let failed = 0
  const report = (name: string, failure: string | undefined, said: string): void => {
    if (failure !== undefined) failed++
    console.log(`${failure === undefined ? 'ok    ' : 'FAILED'} ${name}: ${failure ?? said}`)
  }
  try {
    const undisturbed = await smallRun()
    const again = differingTensors(undisturbed, await smallRun())
    const tensors = Object.keys(undisturbed).length
    report(
      'one seed twice',
      again.length > 0 ? `${again.join(', ')} differ` : undefined,
      `${tensors} tensors bit-identical: parameters, their averages, the best parameters`,
    )
    for (const [i, scenario] of [...plainScenarios, ...(skipDisks ? [] : mountedScenarios)].entries()) {
      const { name, said, failure } = await scenario(join(folder, `disk-${i}`), undisturbed)
      report(name, failure, `"${said}" Resumed where that was possible, it ended bit-identical.`)
    }
    const killed = await killOften(join(folder, 'killed'), undisturbed, kills, randomMoments(seed), (line) =>
      console.error(line),
    )
    const name = `${killed.kills} × SIGKILL, ${killed.insideWriting} of them inside checkpoint writing`
    const failure =
      killed.differing.length > 0
        ? `${killed.differing.join(', ')} differ`
        : kills >= 10 && killed.insideWriting === 0
          ? 'no kill hit a checkpoint being written; try another --seed'
          : undefined
    report(
      name,
      failure,
      `${killed.runs} runs, resumed each time, ended bit-identical; lives began at the steps ${killed.starts.join(' ')}`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return failed === 0
}

await new Command('npm run torture --')
  .description('Kills a training run at random moments, takes its disk away, and compares what it ends with.')
  .option('--kills <number>', 'how often to kill', positive, 50)
  .option('--seed <text>', 'decides the moments', 'torture')
  .option('--skip-disks', 'leave out what needs root: a full disk, a read-only one')
  .addHelpText('after', '\nExamples:\n  npm run torture\n  npm run torture -- --kills 500 --skip-disks')
  .action(async (options: Options) => {
    process.exitCode = (await run(options)) ? 0 : 1
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(isKicError(error) ? `error: ${error.message}` : error)
    process.exitCode = 1
  })
