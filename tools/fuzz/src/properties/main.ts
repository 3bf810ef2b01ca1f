import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { Command } from 'commander'
import { positiveInteger } from '../positive-integer.ts'

interface Options {
  readonly rounds: number
  readonly runs?: number | undefined
  readonly seed: number
  readonly only?: string | undefined
}

/** Test files with a property in them. */
const propertyFiles = async (only = ''): Promise<string[]> => {
  const pattern = ['grep', '-l', "from 'fast-check'", '--', '*.test.ts']
  const { stdout } = await promisify(execFile)('git', pattern)
  return stdout.split('\n').filter((file) => file !== '' && file.includes(only))
}

const round = async (files: readonly string[], seed: number, runs: number | undefined): Promise<boolean> => {
  const env = { ...process.env, KIC_PROPERTY_SEED: String(seed) }
  const more = runs === undefined ? {} : { KIC_PROPERTY_RUNS: String(runs) }
  const tests = ['vitest', 'run', '--reporter=dot', '--testTimeout=600000', ...files]
  const child = spawn('npx', tests, { env: { ...env, ...more }, stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = await once(child, 'exit')
  return code === 0
}

/** The properties of `npm test` with seeds of their own. */
export const propertiesCommand = new Command('properties')
  .description('Runs the property tests of all packages with other seeds than `npm test` has.')
  .option('--rounds <number>', 'seeds to try', positiveInteger, 10)
  .option(
    '--runs <number>',
    'examples of each property that sets no number itself (default: 100)',
    positiveInteger,
  )
  .option('--seed <number>', 'of the first round; every run prints its own', Number, Date.now() % 2 ** 31)
  .option('--only <part>', 'test files with this in their path')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run fuzz -- properties\n  npm run fuzz -- properties --rounds 1 --runs 10000 --only packages/scores',
  )
  .action(async ({ rounds, runs, seed, only }: Options) => {
    const files = await propertyFiles(only)
    if (files.length === 0) throw new Error(`fuzz properties: no property test has ${only} in its path.`)
    const bad: number[] = []
    for (let i = 0; i < rounds; i++) {
      console.log(`round ${i + 1} of ${rounds}: ${files.length} files, seed ${seed + i}`)
      if (!(await round(files, seed + i, runs))) bad.push(seed + i)
    }
    if (bad.length === 0) return
    console.error(`fuzz properties: findings with seed ${bad.join(', ')}; --rounds 1 --seed N repeats one.`)
    process.exitCode = 1
  })
