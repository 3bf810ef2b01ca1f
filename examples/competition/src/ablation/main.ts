import { defined, isKicError } from '@kic/core'
import type { EngineChoice } from '@kic/engine'
import { Command, InvalidArgumentError, Option } from 'commander'
import { runStacking } from '../stacking/run-stacking.ts'
import { ABLATION_PRESETS } from './ablation-preset.ts'
import { ROW_GROUPS, type RowGroup } from './ablation-rows.ts'
import { runAblation } from './run-ablation.ts'

const positive = (text: string): number => {
  const value = Number(text)
  if (!(Number.isFinite(value) && value > 0)) throw new InvalidArgumentError('It must be a number above 0.')
  return value
}

const integer = (text: string): number => {
  const value = positive(text)
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be an integer above 0.')
  return value
}

interface Options {
  readonly data?: string | undefined
  readonly preset: string
  readonly rows: RowGroup
  readonly only?: readonly string[] | undefined
  readonly seeds?: number | undefined
  readonly minutes?: number | undefined
  readonly output: string
  readonly stacking?: boolean
  readonly engine: EngineChoice
}

const rowsOfGroups = (): string =>
  Object.entries(ROW_GROUPS)
    .map(([group, rowsOf]) => {
      const { rows } = rowsOf(defined(ABLATION_PRESETS.quick))
      const lines = Object.entries(rows).map(([key, { name }]) => `    ${key.padEnd(14)} ${name}\n`)
      return `  --rows ${group}\n${lines.join('')}`
    })
    .join('')

await new Command('npm run ablation --')
  .description(
    'Trains the methods of the published solution on the same rows, with the same seeds and number of updates, and compares them.',
  )
  .option('--data <spec>', "a folder with train.tsv and dev.tsv, a competition-format file, or 'naics'")
  .addOption(
    new Option('--preset <name>', 'size and length of the runs')
      .choices(Object.keys(ABLATION_PRESETS))
      .default('quick'),
  )
  .addOption(
    new Option(
      '--rows <table>',
      'the methods of the published solution, or what the reading by characters and n-grams consists of',
    )
      .choices(Object.keys(ROW_GROUPS))
      .default('methods'),
  )
  .option('--only <rows...>', 'only these rows of the table')
  .option('--seeds <count>', "maximum number of seeds; default: the preset's", integer)
  .option('--minutes <minutes>', "starts no seed that would end later; default: the preset's", positive)
  .option('--output <folder>', 'folder of the results', 'output')
  .option('--stacking', 'compares combinations of n-gram members instead: votes, selection and stacking')
  .addOption(
    new Option('--engine <name>', 'the engine')
      .choices(['auto', 'compiled', 'webgpu', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'])
      .default('auto'),
  )
  .addHelpText(
    'after',
    `\nRows:\n${rowsOfGroups()}\n` +
      '\nExamples:\n  npm run ablation -- --preset quick\n  npm run ablation -- --data ../shared/data/ksic\n' +
      '  npm run ablation -- --only plain longer tapt --seeds 1\n' +
      '  npm run ablation -- --rows ngrams --data ../shared/data/ksic --seeds 3\n  npm run ablation -- --stacking --data ../shared/data/ksic',
  )
  .action(async ({ preset: name, seeds, minutes, data, ...options }: Options) => {
    const preset = ABLATION_PRESETS[name]
    if (preset === undefined) throw new Error(`no preset ${name}`)
    if (options.stacking) {
      await runStacking({ preset, data, seed: 1, output: options.output, say: console.log })
      return
    }
    await runAblation({
      ...options,
      preset,
      data,
      seeds: Array.from({ length: seeds ?? preset.seeds.length }, (_, i) => preset.seeds[i] ?? i + 1),
      minutes: minutes ?? (data === undefined ? preset.minutes.own : preset.minutes.given),
      say: console.log,
    })
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(isKicError(error) ? `error: ${error.message}` : error)
    process.exitCode = 1
  })
