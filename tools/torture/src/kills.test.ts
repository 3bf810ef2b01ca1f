import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { plainScenarios } from './bad-disks.ts'
import { killOften } from './kills.ts'
import { differingTensors, smallRun } from './small-run.ts'

it('is bit-identical after SIGKILL, and after its newest checkpoint is truncated', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-torture-'))
  const undisturbed = await smallRun()
  // The first life ends at its second checkpoint, so the second one has something to begin with.
  const moments = [{ writes: 2, after: 0 }, { after: 100 }]
  const report = await killOften(
    join(folder, 'killed'),
    undisturbed,
    moments.length,
    (kill) => moments[kill] ?? { after: 0 },
  )
  expect(report).toMatchObject({ kills: 2, differing: [] })
  expect(Math.max(...report.starts)).toBeGreaterThan(0)
  for (const [i, scenario] of plainScenarios.entries()) {
    expect(await scenario(join(folder, `disk-${i}`), undisturbed)).toMatchObject({ failure: undefined })
  }
  await rm(folder, { recursive: true })
}, 180_000)

it('detects one changed bit, and a missing tensor', () => {
  const of = (value: number) => ({ dtype: 'float32', shape: [1], data: Float32Array.of(value) }) as const
  expect(differingTensors({ a: of(1), b: of(0) }, { a: of(1), b: of(-0) })).toEqual(['b'])
  expect(differingTensors({ a: of(1) }, {})).toEqual(['a'])
})
