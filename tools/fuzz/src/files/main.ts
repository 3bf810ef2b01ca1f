import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import fc from 'fast-check'
import type { Verdict } from './judge.ts'
import type { Target } from './target.ts'
import { config } from './targets/config.ts'
import { ensemble, predictions } from './targets/ensemble.ts'
import { pickle } from './targets/pickle.ts'
import { safetensors } from './targets/safetensors.ts'
import { torchLegacy, torchZip } from './targets/torch.ts'
import { weightMap } from './targets/weight-map.ts'

const TARGETS: readonly Target[] = [
  safetensors,
  pickle,
  torchZip,
  torchLegacy,
  weightMap,
  config,
  ensemble,
  predictions,
]

/** Gives inputs to a target; the first finding ends it, shrunk. */
const fuzz = async (target: Target, runs: number, seed: number, folder: string): Promise<Verdict[]> => {
  const verdicts: Verdict[] = []
  const inputs = await target.inputs()
  let reported = performance.now()
  await fc.assert(
    fc.asyncProperty(inputs, async (bytes) => {
      verdicts.push(await target.check(bytes, folder))
      if (performance.now() - reported > 2_000) {
        reported = performance.now()
        process.stderr.write(`\r${target.name}: ${verdicts.length} of ${runs} `)
      }
    }),
    { numRuns: runs, seed },
  )
  process.stderr.write('\r\u001b[K')
  return verdicts
}

const summary = (name: string, verdicts: readonly Verdict[], seconds: number): string => {
  const loaded = verdicts.filter(({ outcome }) => outcome === 'loaded').length
  const codes = new Map<string, number>()
  for (const { code } of verdicts) if (code !== undefined) codes.set(code, (codes.get(code) ?? 0) + 1)
  const refusals = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`)
  return `${name}: ${verdicts.length} inputs in ${seconds.toFixed(1)} s, ${loaded} loaded, ${verdicts.length - loaded} refused (${refusals.join(', ')})`
}

const positive = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a positive integer')
  return value
}

/** Mutated files for everything that reads them. */
export const filesCommand = new Command('files')
  .description('Feeds mutated files to what reads them: each must load correctly or be refused.')
  .option('--inputs <number>', 'how many in all, as many for each target', positive, 10_000 * TARGETS.length)
  .option('--seed <number>', 'of the inputs; every run prints its own', Number, Date.now() % 2 ** 31)
  .addOption(new Option('--only <name>', 'this target alone').choices(TARGETS.map(({ name }) => name)))
  .addHelpText(
    'after',
    '\nExamples:\n  npm run fuzz -- files\n  npm run fuzz -- files --inputs 100000 --only torch-zip --seed 7',
  )
  .action(async ({ inputs, seed, only }: { inputs: number; seed: number; only?: string }) => {
    const folder = await mkdtemp(join(tmpdir(), 'kic-fuzz-'))
    console.log(`seed ${seed}`)
    try {
      const targets = TARGETS.filter(({ name }) => only === undefined || name === only)
      const runs = Math.ceil(inputs / targets.length)
      for (const target of targets) {
        const started = performance.now()
        const verdicts = await fuzz(target, runs, seed, folder)
        console.log(summary(target.name, verdicts, (performance.now() - started) / 1000))
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })
