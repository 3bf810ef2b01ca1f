import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { isKicError } from '@kic/core'
import { Command, Option } from 'commander'
import { checkRuntimes } from './check-runtimes.ts'
import { formatResults } from './format-results.ts'
import type { Reading } from './trained-classifier.ts'

interface Options {
  readonly keep?: string | undefined
  readonly rows: string
  readonly reading: Reading
  readonly chromium?: string | undefined
  readonly built?: boolean | undefined
  readonly json?: boolean | undefined
}

const command = new Command('npm run check -- runtimes')
  .description(
    'Trains a small classifier on generated answers, exports it, and runs it in onnxruntime-node, in ' +
      '@xenova/transformers, and in headless Chromium, in onnxruntime-web and on the engine itself. All must give the ' +
      'labels of the engine that trained it; int8 weights may cost 0.3 points of accuracy.',
  )
  .option('--keep <folder>', 'keep the exported classifier in this folder')
  .option('--rows <number>', 'answers to train on', '16000')
  .addOption(
    new Option('--reading <what>', 'what the classifier reads')
      .choices(['words', 'characters'])
      .default('words'),
  )
  .option('--chromium <path>', 'the browser, where it is not found by itself')
  .option('--built', 'bundle for the browser what `npm run build` made, instead of the sources')
  .option('--json', 'print one JSON object a line')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run check -- runtimes\n  npm run check -- runtimes --keep /tmp/classifier',
  )
  .action(async ({ keep, rows, reading, chromium, built = false, json = false }: Options) => {
    const temporary = await mkdtemp(join(tmpdir(), 'kic-runtimes-'))
    try {
      const folder = keep === undefined ? join(temporary, 'classifier') : resolve(keep)
      const say = (line: string): void => console.error(line)
      const results = await checkRuntimes({ folder, rows: Number(rows), reading, chromium, built, say })
      console.log(json ? results.map((result) => JSON.stringify(result)).join('\n') : formatResults(results))
      process.exitCode = results.every(({ pass }) => pass) ? 0 : 1
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  })

try {
  await command.parseAsync()
} catch (error) {
  if (!isKicError(error)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
