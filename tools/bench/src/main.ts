import { cpus } from 'node:os'
import { isKicError } from '@kic/core'
import { Command, Option } from 'commander'
import { type BenchFilter, benchFilter } from './bench-filter.ts'
import { type BenchLine, readableLine } from './bench-line.ts'
import { dataBench } from './benches/data.ts'
import { engineBench } from './benches/engine.ts'
import { ensembleBench } from './benches/ensemble.ts'
import { explainBench } from './benches/explain.ts'
import { type FolderOptions, folderBench } from './benches/folder.ts'
import { loadBench } from './benches/load.ts'
import { loraBench } from './benches/lora.ts'
import { memoryBench } from './benches/memory.ts'
import { nearestBench } from './benches/nearest.ts'
import { ngramBench } from './benches/ngram.ts'
import { predictBench } from './benches/predict.ts'
import { promisesBench } from './benches/promises.ts'
import { serveBench } from './benches/serve.ts'
import { trafficBench } from './benches/traffic.ts'
import { type TrainBenchOptions, trainBench } from './benches/train.ts'
import { trainerBench } from './benches/trainer.ts'

/** What a bench may read. */
interface BenchInputs extends FolderOptions, TrainBenchOptions {
  /** Folder of labelled texts. */
  readonly data?: string | undefined
}

type Bench = (wanted: BenchFilter, options: BenchInputs) => AsyncGenerator<BenchLine>

const BENCHES: Readonly<Record<string, Bench>> = {
  predict: predictBench,
  train: trainBench,
  engine: engineBench,
  trainer: trainerBench,
  ensemble: ensembleBench,
  data: dataBench,
  memory: memoryBench,
  lora: loraBench,
  load: loadBench,
  nearest: nearestBench,
  ngram: ngramBench,
  explain: explainBench,
  promises: promisesBench,
  serve: serveBench,
  folder: folderBench,
  traffic: trafficBench,
}

interface Options extends BenchInputs {
  readonly json?: boolean | undefined
  readonly only?: readonly string[] | undefined
}

const program = new Command('bench')
  .description('Measures this machine. Compare figures of one run only, with nothing else running.')
  .argument('[names...]', `which benches to run: ${Object.keys(BENCHES).join(', ')}; all without a name`)
  .option('--json', 'one JSON object a line')
  .option('--only <words...>', 'only lines whose config and engine contain all of these')
  .option('--data <folder>', 'promises: also train on its train.tsv and judge on its dev.tsv')
  .option('-m, --model <folder>', 'the model of the bench folder; default: the bundled one')
  .option(
    '--member <name>',
    'the member that the bench folder compares; default: the one with the largest weight',
  )
  .addOption(
    new Option('--engine <name>', 'train: measure this engine beside compiled and PyTorch').choices([
      'webgpu',
    ]),
  )
  .addHelpText(
    'after',
    '\nExamples:\n  npm run bench -- train\n  npm run bench -- train --json > train.jsonl' +
      '\n  npm run bench -- engine --only train "H768 L6" compiled\n  npm run bench -- folder -m output/model' +
      '\n  npm run bench -- train --engine webgpu --json\n  npm run bench -- promises --data ../shared/data/ksic',
  )
  .action(async (names: string[], { json, only, ...options }: Options) => {
    for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
      const bench = BENCHES[name]
      if (bench === undefined)
        return program.error(`bench: there is no "${name}"; known: ${Object.keys(BENCHES).join(', ')}`)
      if (!json)
        console.log(`${name}: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`)
      for await (const line of bench(benchFilter(only ?? []), options)) {
        console.log(json ? JSON.stringify(line) : readableLine(line))
        if (line.check?.passes === false) process.exitCode = 1
      }
    }
  })

program.parseAsync().catch((error: unknown) => {
  console.error(isKicError(error) ? error.message : error)
  process.exitCode = 1
})
