import { cpus } from 'node:os'
import { isKicError } from '@kic/core'
import { Command } from 'commander'
import { type BenchLine, readableLine } from './bench-line.ts'
import { trainBench } from './benches/train.ts'
import { trainerBench } from './benches/trainer.ts'

const BENCHES: Readonly<Record<string, () => AsyncGenerator<BenchLine>>> = {
  train: trainBench,
  trainer: trainerBench,
}

const program = new Command('bench')
  .description('Measures this machine. Compare figures of one run only, with nothing else running.')
  .argument('[names...]', `which benches to run: ${Object.keys(BENCHES).join(', ')}; all without a name`)
  .option('--json', 'one JSON object a line')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run bench -- train\n  npm run bench -- train --json > train.jsonl',
  )
  .action(async (names: string[], { json }: { json?: boolean }) => {
    for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
      const bench = BENCHES[name]
      if (bench === undefined)
        return program.error(`bench: there is no "${name}"; known: ${Object.keys(BENCHES).join(', ')}`)
      if (!json)
        console.log(`${name}: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`)
      for await (const line of bench()) console.log(json ? JSON.stringify(line) : readableLine(line))
    }
  })

program.parseAsync().catch((error: unknown) => {
  console.error(isKicError(error) ? error.message : error)
  process.exitCode = 1
})
