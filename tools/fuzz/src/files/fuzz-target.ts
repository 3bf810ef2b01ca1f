import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import fc from 'fast-check'
import type { Verdict } from './judge.ts'
import type { Target } from './target.ts'

/**
 * Gives inputs to a target. The first finding ends it.
 *
 * @throws KicError `fuzz/finding` with the seed that repeats it and the path of the smallest such input
 */
export const fuzzTarget = async (
  target: Target,
  inputs: number,
  seed: number,
  folder: string,
): Promise<readonly Verdict[]> => {
  const verdicts: Verdict[] = []
  const bytes = await target.inputs(folder)
  let reported = performance.now()
  const { failed, counterexample, errorInstance } = await fc.check(
    fc.asyncProperty(bytes, async (input) => {
      verdicts.push(await target.check(input, folder))
      if (performance.now() - reported > 2_000) {
        reported = performance.now()
        process.stderr.write(`\r${target.name}: ${verdicts.length} of ${inputs} `)
      }
    }),
    { numRuns: inputs, seed },
  )
  process.stderr.write('\r\u001b[K')
  if (!failed) return verdicts
  const [smallest = new Uint8Array()] = counterexample ?? []
  const path = join(tmpdir(), `kic-finding-${target.name}-${seed}`)
  await writeFile(path, smallest)
  throw new KicError(
    'fuzz/finding',
    `${target.name}, seed ${seed}: ${errorInstance instanceof Error ? errorInstance.message : String(errorInstance)}\n` +
      `the input of ${smallest.length} bytes is ${path}`,
    { cause: errorInstance },
  )
}

/** 'csv: 10000 inputs in 1.2 s, 9000 loaded, 1000 refused (data/empty-file 1000)'. */
export const summary = (name: string, verdicts: readonly Verdict[], seconds: number): string => {
  const loaded = verdicts.filter(({ outcome }) => outcome === 'loaded').length
  const codes = new Map<string, number>()
  for (const { code } of verdicts) if (code !== undefined) codes.set(code, (codes.get(code) ?? 0) + 1)
  const refusals = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`)
  const parts = refusals.length === 0 ? '' : ` (${refusals.join(', ')})`
  return `${name}: ${verdicts.length} inputs in ${seconds.toFixed(1)} s, ${loaded} loaded, ${verdicts.length - loaded} refused${parts}`
}
