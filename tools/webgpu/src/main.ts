import '@kic/tool-chromium/software-adapter'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isKicError } from '@kic/core'
import { selectEngine } from '@kic/engine'
import { Command } from 'commander'
import { checkAllocations } from './allocations.ts'
import { classifierRun, fusionRun } from './classifier-run.ts'
import { COMPARISON_TITLES, compareRuns, comparisonLine } from './compare-runs.ts'
import { taptRun } from './tapt-run.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** The packages that hold reference cases. */
const CASES = ['roberta', 'hierarchical-fusion', 'heads-bilstm', 'losses']

const TRAININGS = [classifierRun, taptRun, fusionRun]

interface Options {
  readonly quick?: boolean | undefined
  readonly steps?: string | undefined
  readonly allocationSteps?: string | undefined
  readonly programs: string
  readonly seed: string
  readonly golden?: string | undefined
}

/** Runs a tool of this repository; true if it succeeds. */
const tool = (path: string, ...args: string[]): boolean => {
  const sources = ['--conditions=@kic/source', '--import', 'tsx', join(ROOT, path)]
  return spawnSync(process.execPath, [...sources, ...args], { stdio: 'inherit', cwd: ROOT }).status === 0
}

/** Reference cases and random programs. */
const checkValues = ({ programs, seed, golden }: Options): boolean => {
  const folders = golden ? [golden] : CASES.map((name) => join(ROOT, 'packages', name, 'src/__fixtures__'))
  const parity = folders.map((folder) => tool('tools/parity/src/main.ts', folder, '--engine', 'webgpu'))
  const fuzzed = ['engine', '--engine', 'webgpu', '--programs', programs, '--seed', seed, '--workers', '1']
  return tool('tools/fuzz/src/main.ts', ...fuzzed) && parity.every(Boolean)
}

const checkTrainings = async (steps: number): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-webgpu-'))
  try {
    console.log(COMPARISON_TITLES)
    let passed = true
    for (const training of TRAININGS) {
      const equal = await compareRuns(training, folder, steps, (found) => console.log(comparisonLine(found)))
      passed &&= equal
    }
    return passed
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const run = async (options: Options): Promise<boolean> => {
  const { quick = false, steps, allocationSteps } = options
  // Without an adapter nothing else can run.
  const engine = await selectEngine('webgpu')
  console.log(engine.description)
  engine.dispose()
  const values = quick || checkValues(options)
  const trainings = await checkTrainings(Number(steps ?? (quick ? 4 : 200)))
  const { pass, said } = await checkAllocations(Number(allocationSteps ?? (quick ? 16 : 1000)))
  console.log(`${pass ? 'ok    ' : 'FAILED'} ${said}`)
  return values && trainings && pass
}

const command = new Command('check webgpu')
  .description(
    'Runs reference cases, random programs and small training runs on the WebGPU engine, and compares them with the ' +
      'references, the cpu backend and the compiled engine. Counts what the engine holds on the device. Without a GPU ' +
      'it needs SwiftShader: apt-get install chromium libvulkan1.',
  )
  .option('--quick', 'only training runs, of 4 steps, and 16 steps of the count')
  .option('--steps <number>', 'steps of each training run; default: 200')
  .option('--allocation-steps <number>', 'steps of the count of what the engine holds; default: 1000')
  .option('--programs <number>', 'random programs', '150')
  .option('--seed <number>', 'of the random programs', '1')
  .option('--golden <folder>', 'a folder of reference cases; default: those of the packages')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run check -- webgpu\n  npm run check -- webgpu --quick\n  npm run check -- webgpu --programs 5000 --seed 7',
  )
  .action(async (options: Options) => {
    process.exitCode = (await run(options)) ? 0 : 1
  })

try {
  await command.parseAsync()
} catch (error) {
  if (!isKicError(error)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
