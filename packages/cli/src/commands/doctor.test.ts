import { expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { instructionsOf } from '../doctor/machine.ts'
import { run } from '../run.ts'

it('says which engines start, which one auto takes, and what the others need', async () => {
  const io = fakeIo()
  expect(await run(['doctor', '--json'], io)).toBe(0)
  const { machine, engines, auto } = JSON.parse(io.printed())
  expect(machine.cores).toBeGreaterThanOrEqual(1)
  const started = new Map(engines.map((one: { name: string; starts: boolean }) => [one.name, one.starts]))
  expect(Object.fromEntries(started)).toMatchObject({
    compiled: true,
    wasm: true,
    cpu: true,
    'tfjs-node': false,
  })
  const compiled = engines.find(({ name }: { name: string }) => name === 'compiled')
  const cpu = engines.find(({ name }: { name: string }) => name === 'cpu')
  expect(compiled.gflops).toBeGreaterThan(2 * cpu.gflops)
  expect(started.get(auto.name)).toBe(true)

  const words = fakeIo()
  expect(await run(['doctor'], words)).toBe(0)
  expect(words.printed()).toMatch(/^compiled +yes +\d/m)
  expect(words.printed()).toContain(`--engine auto takes ${auto.name}: `)
  expect(words.printed()).toMatch(/^- tfjs-node: .*npm install @tensorflow\/tfjs-node/m)
}, 120_000)

it('reads the instructions of a processor, if the system names them', () => {
  expect(instructionsOf('processor: 0\nflags\t\t: fpu avx2 avx512f avx512_vnni\n')).toEqual({
    AVX2: true,
    'AVX-512': true,
    VNNI: true,
  })
  expect(instructionsOf('flags : fpu avx2 avx_vnni')).toEqual({ AVX2: true, 'AVX-512': false, VNNI: true })
  expect(instructionsOf('Features : fp asimd')).toBeUndefined()
})
