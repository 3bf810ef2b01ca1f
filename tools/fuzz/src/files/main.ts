import { fork } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { Command, Option } from 'commander'
import { positiveInteger } from '../positive-integer.ts'
import { fuzzTarget, summary } from './fuzz-target.ts'
import type { Target } from './target.ts'
import { config } from './targets/config.ts'
import { ensemble, predictions } from './targets/ensemble.ts'
import { ensembleFolder } from './targets/ensemble-folder.ts'
import { ngram } from './targets/ngram.ts'
import { pickle } from './targets/pickle.ts'
import { rerankedFolder } from './targets/reranked-folder.ts'
import { safetensors } from './targets/safetensors.ts'
import { csv, gzip, parquet, tsv } from './targets/table.ts'
import { tokenizer } from './targets/tokenizer.ts'
import { torchLegacy, torchZip } from './targets/torch.ts'
import { weightMap } from './targets/weight-map.ts'
import { xlsx, xlsxFile, xlsxPart } from './targets/xlsx.ts'

const TARGETS: readonly Target[] = [
  safetensors,
  pickle,
  torchZip,
  torchLegacy,
  weightMap,
  tokenizer,
  config,
  ensemble,
  predictions,
  ngram,
  ensembleFolder,
  rerankedFolder,
  csv,
  tsv,
  gzip,
  parquet,
  xlsx,
  xlsxFile,
  xlsxPart,
]

interface Options {
  readonly inputs: number
  readonly seed: number
  readonly jobs: number
  readonly only?: string | undefined
}

/** One process's share of the inputs, divided evenly over the targets. */
const fuzzHere = async ({ inputs, seed, only }: Options): Promise<void> => {
  const targets = TARGETS.filter(({ name }) => only === undefined || name === only)
  const folder = await mkdtemp(join(tmpdir(), 'kic-fuzz-'))
  console.log(`seed ${seed}`)
  try {
    for (const target of targets) {
      const own = join(folder, target.name)
      await mkdir(own)
      const started = performance.now()
      const verdicts = await fuzzTarget(target, Math.ceil(inputs / targets.length), seed, own)
      console.log(summary(target.name, verdicts, (performance.now() - started) / 1000))
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Other processes with shares of the inputs and seeds of their own; how many of them had a finding. */
const fuzzInProcesses = async ({ inputs, seed, jobs, only }: Options): Promise<number> => {
  const ends = Array.from({ length: jobs }, (_, i) => {
    const share = ['--inputs', String(Math.ceil(inputs / jobs)), '--seed', String(seed + i), '--jobs', '1']
    const args = ['files', ...share, ...(only === undefined ? [] : ['--only', only])]
    const child = fork(defined(process.argv[1]), args)
    return new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  })
  return (await Promise.all(ends)).filter((code) => code !== 0).length
}

/** Mutated files for everything that reads them. */
export const filesCommand = new Command('files')
  .description('Feeds mutated files to what reads them: each must load correctly or be refused.')
  .option('--inputs <number>', 'of all targets together', positiveInteger, 100_000)
  .option('--seed <number>', 'of the inputs; every run prints its own', Number, Date.now() % 2 ** 31)
  .option('--jobs <number>', 'processes that share the inputs', positiveInteger, 1)
  .addOption(new Option('--only <name>', 'this target alone').choices(TARGETS.map(({ name }) => name)))
  .addHelpText(
    'after',
    '\nExamples:\n  npm run fuzz -- files\n  npm run fuzz -- files --inputs 1000000 --jobs 2\n' +
      '  npm run fuzz -- files --inputs 10000 --only torch-zip --seed 7',
  )
  .action(async (options: Options) => {
    if (options.jobs === 1) await fuzzHere(options)
    else if ((await fuzzInProcesses(options)) > 0) process.exitCode = 1
  })
