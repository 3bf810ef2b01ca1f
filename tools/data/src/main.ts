import { isKicError, KicError } from '@kic/core'
import { Command } from 'commander'
import { checkSplits } from './check-splits.ts'
import { checkTokens } from './check-tokens.ts'
import { generate } from './generate.ts'
import { prepare } from './prepare.ts'
import type { Report } from './report.ts'

const wholeNumber = (value: string): number => {
  const number = Number(value.replaceAll('_', ''))
  if (Number.isInteger(number) && number >= 0) return number
  throw new KicError('tool-data/bad-number', `a whole number is needed, received '${value}'`)
}

const print = (report: Report): void => {
  if (process.stderr.isTTY) process.stderr.write('\n')
  console.log(JSON.stringify(report))
  if (report.passed === false) process.exitCode = 1
}

const program = new Command('data')
  .description('Generates a million rows and checks what is done with them. Prints one JSON object.')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run data -- generate million.txt\n  npm run data -- check-tokens million.txt\n' +
      '  npm run data -- check-splits million.txt\n  npm run data -- prepare million.txt --cache million-cache',
  )

program
  .command('generate')
  .description("writes rows of the project's own dataset in the competition's format, cp949")
  .argument('<file>')
  .option('--rows <count>', 'how many', wholeNumber, 1_000_000)
  .option('--seed <number>', 'equal seeds give equal files', wholeNumber, 42)
  .action(async (file: string, { rows, seed }: { rows: number; seed: number }) =>
    print(await generate(file, rows, seed)),
  )

program
  .command('prepare')
  .description('reads, cleans, tokenises, splits, and draws an epoch of batches')
  .argument('<file>')
  .requiredOption('--cache <folder>', 'where tokens are kept; a second run takes them from there')
  .action(async (file: string, { cache }: { cache: string }) => print(await prepare(file, cache)))

program
  .command('check-tokens')
  .description('compares the ids of every row, and of random texts, with the official Rust tokenizer')
  .argument('<file>')
  .option('--random <count>', 'how many random texts', wholeNumber, 10_000)
  .option('--seed <number>', 'of the random texts', wholeNumber, 42)
  .action(async (file: string, { random, seed }: { random: number; seed: number }) =>
    print(await checkTokens(file, random, seed)),
  )

program
  .command('check-splits')
  .description('checks that no text is in two parts, and that large classes keep their proportions')
  .argument('<file>')
  .option('--seed <number>', 'of the split', wholeNumber, 42)
  .action(async (file: string, { seed }: { seed: number }) => print(await checkSplits(file, seed)))

program.parseAsync().catch((error: unknown) => {
  console.error(isKicError(error) ? `${error.code}: ${error.message}` : error)
  process.exitCode = 1
})
