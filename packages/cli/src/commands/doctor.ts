import { formatBytes, textTable } from '@kic/core'
import type { EngineFinding } from '@kic/engine'
import type { Command } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { type Machine, machine } from '../doctor/machine.ts'
import type { Io } from '../io.ts'

interface Options {
  readonly json?: boolean
}

/** `kic doctor`: what this machine has, which engines start, which one `auto` takes, and what is missing for another. */
export const addDoctor = (program: Command, io: Io): void => {
  program
    .command('doctor')
    .description(
      'Says which engines start on this machine, how fast they are, and which one a training takes.',
    )
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      '\nEvery engine computes short matrix products. --engine auto takes webgpu if it is the fastest there, and else the first\n' +
        'that starts.\n' +
        '\nExamples:\n  kic doctor\n  kic doctor --json',
    )
    .action(async ({ json = false }: Options) => {
      if (!json) io.err('measuring every engine, a few seconds\n')
      const found = await examine()
      await io.out(json ? `${JSON.stringify(found)}\n` : inWords(found))
    })
}

interface Findings {
  readonly version: string
  readonly machine: Machine
  readonly engines: readonly EngineFinding[]
  /** The engine that `auto` takes, and why. */
  readonly auto: { readonly name: string; readonly description: string }
}

const examine = async (): Promise<Findings> => {
  const { selectEngine, surveyEngines } = await import('@kic/engine')
  const engines = await surveyEngines()
  const engine = await selectEngine('auto')
  const auto = { name: engine.name, description: engine.description }
  engine.dispose()
  return { version: manifest.version, machine: await machine(), engines, auto }
}

const inWords = ({ version, machine: own, engines, auto }: Findings): string => {
  const { processor, cores, memory, instructions } = own
  const rows = engines.map((engine) => [
    engine.name,
    engine.starts ? 'yes' : 'no',
    engine.starts ? engine.gflops.toPrecision(3) : '–',
  ])
  const problems = engines.flatMap((engine) =>
    engine.starts ? [] : [`- ${engine.name}: ${engine.problem}\n`],
  )
  return (
    `kic ${version}, Node.js ${own.node}, ${own.platform}\n` +
    `${processor}, ${cores} cores, ${formatBytes(memory.total)} of memory, ${formatBytes(memory.free)} of it free\n` +
    (instructions === undefined ? '' : describeInstructions(instructions)) +
    `\n${textTable([['engine', 'starts', 'GFLOP/s'], ...rows])}\n` +
    `--engine auto takes ${auto.description}\n` +
    (problems.length === 0 ? '' : `\nWhat the others need:\n${problems.join('')}`)
  )
}

const describeInstructions = (found: NonNullable<Machine['instructions']>): string => {
  const words = Object.entries(found).map(([name, has]) => `${has ? '' : 'no '}${name}`)
  const note = found.VNNI ? '' : ' (int8 models are slower without VNNI, and their answers are the same)'
  return `${words.join(', ')}${note}\n`
}
