import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isKicError } from '@kic/core'
import { Command } from 'commander'
import { checkProcessors } from './check-processors.ts'
import { formatComparisons } from './compare-results.ts'

interface Options {
  readonly texts: string
  readonly json?: boolean | undefined
}

const command = new Command('check processors')
  .description(
    'Trains, exports and predicts here and on emulated processors without VNNI and without AVX, and compares: float32 ' +
      'scores must agree to 1e-4, int8 scores to 0.02. Needs an x86-64 processor and qemu-user, which apt-get installs.',
  )
  .option('--texts <number>', 'answers to predict', '60')
  .option('--json', 'print one JSON object a line')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run check -- processors\n  npm run check -- processors --texts 926',
  )
  .action(async ({ texts, json = false }: Options) => {
    const folder = await mkdtemp(join(tmpdir(), 'kic-processors-'))
    try {
      const say = (line: string): void => console.error(line)
      const results = await checkProcessors({ folder, texts: Number(texts), say })
      console.log(
        json ? results.map((result) => JSON.stringify(result)).join('\n') : formatComparisons(results),
      )
      process.exitCode = results.every(({ pass }) => pass) ? 0 : 1
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

try {
  await command.parseAsync()
} catch (error) {
  if (!isKicError(error)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
