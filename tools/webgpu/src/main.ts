import './software-adapter.ts'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isKicError } from '@kic/core'
import { selectEngine } from '@kic/engine'
import { Command } from 'commander'
import { type Comparison, compareRuns } from './compare-runs.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** The packages that hold reference cases. */
const CASES = ['roberta', 'hierarchical-fusion', 'heads-bilstm', 'losses']

interface Options {
  readonly steps: string
  readonly programs: string
  readonly seed: string
  readonly golden?: string | undefined
}

/** Runs a tool of this repository; true if it succeeds. */
const tool = (path: string, ...args: string[]): boolean => {
  const sources = ['--conditions=@kic/source', '--import', 'tsx', join(ROOT, path)]
  return spawnSync(process.execPath, [...sources, ...args], { stdio: 'inherit', cwd: ROOT }).status === 0
}

const run = async ({ steps, programs, seed, golden }: Options): Promise<boolean> => {
  // Without an adapter nothing else can run.
  const engine = await selectEngine('webgpu')
  console.log(engine.description)
  engine.dispose()
  const folders = golden ? [golden] : CASES.map((name) => join(ROOT, 'packages', name, 'src/__fixtures__'))
  const parity = folders.map((folder) => tool('tools/parity/src/main.ts', folder, '--engine', 'webgpu'))
  const fuzzed = ['engine', '--engine', 'webgpu', '--programs', programs, '--seed', seed, '--workers', '1']
  const random = tool('tools/fuzz/src/main.ts', ...fuzzed)
  const folder = await mkdtemp(join(tmpdir(), 'kic-webgpu-'))
  try {
    const say = ({ pass, name, said }: Comparison): void =>
      console.log(`${pass ? 'ok    ' : 'FAILED'} ${name}: ${said}`)
    const equal = await compareRuns(folder, Number(steps), say)
    return parity.every(Boolean) && random && equal
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const command = new Command('check webgpu')
  .description(
    'Runs reference cases, random programs and a small training run on the WebGPU engine, and compares them with the ' +
      'references, the cpu backend and the compiled engine. Without a GPU it needs SwiftShader: apt-get install ' +
      'chromium libvulkan1.',
  )
  .option('--steps <number>', 'steps of the training run', '200')
  .option('--programs <number>', 'random programs', '150')
  .option('--seed <number>', 'of the random programs', '1')
  .option('--golden <folder>', 'a folder of reference cases; default: those of the packages')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run check -- webgpu\n  npm run check -- webgpu --programs 5000 --seed 7',
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
