import { isKicError } from '@kic/core'
import type { EngineChoice } from '@kic/engine'
import { loadHead } from '@kic/roberta/node'
import { Command, InvalidArgumentError, Option } from 'commander'
import { PRESETS } from './preset.ts'
import { runCompetition } from './run-competition.ts'

const integer = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be an integer.')
  return value
}

interface Options {
  readonly data?: string
  readonly preset: string
  readonly output: string
  readonly engine: EngineChoice
  readonly seed: number
  readonly head?: string
}

await new Command('npm start --')
  .description(
    'Trains classifiers at three levels of an industry classification, votes, evaluates, writes a submission.',
  )
  .option(
    '--data <spec>',
    "a competition-format file, text<TAB>code, a folder with train.tsv and dev.tsv, or 'naics'",
  )
  .addOption(
    new Option('--preset <name>', 'how large and how long').choices(Object.keys(PRESETS)).default('quick'),
  )
  .option('--output <folder>', 'where results go', 'output')
  .addOption(
    new Option('--engine <name>', 'what computes')
      .choices(['auto', 'compiled', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'])
      .default('auto'),
  )
  .option('--seed <integer>', 'repeats a run', integer, 1)
  .option('--head <name>', "every member's head: standard, mean, or the x of an installed @kic/heads-x")
  .addHelpText(
    'after',
    '\nExamples:\n  npm start\n  npm start -- --data naics\n  npm start -- --data "1. 실습용자료.txt" --output runs/first',
  )
  .action(async ({ preset: name, head, ...options }: Options) => {
    const chosen = PRESETS[name]
    if (chosen === undefined) throw new Error(`no preset ${name}`)
    if (head !== undefined) await loadHead(head) // before anything is trained
    const members = chosen.members.map((member) => ({ ...member, head: head ?? member.head }))
    const preset = { ...chosen, members }
    await runCompetition({ ...options, preset, say: console.log })
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(isKicError(error) ? `error: ${error.message}` : error)
    process.exitCode = 1
  })
