import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom } from '@kic/core'
import { loadSafetensors } from '@kic/nn/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { distance } from './__fixtures__/tiny-task.ts'

/** How often the run is killed; `KIC_KILLS=50 npx vitest run packages/trainer/src/killed-run.test.ts` for a long trial. */
const KILLS = Number(process.env.KIC_KILLS ?? 1)
const script = fileURLToPath(new URL('./__fixtures__/killable-run.ts', import.meta.url))

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-killed-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Runs the script to its end, or until SIGKILL so many milliseconds after it began to train. */
const run = (args: readonly string[], killAfter?: number) =>
  new Promise<{ killed: boolean; start: number }>((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@kic/source', '--import', 'tsx', script, ...args])
    let [start, errors] = [-1, '']
    child.stdout.on('data', (data) => {
      start = Number(String(data))
      if (killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter)
    })
    child.stderr.on('data', (data) => {
      errors += String(data)
    })
    child.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve({ killed: signal === 'SIGKILL', start })
      else reject(new Error(errors))
    })
  })

it(
  `ends bit-identical after ${KILLS} times SIGKILL at random moments`,
  async () => {
    const [undisturbed, disturbed] = [join(folder, 'undisturbed'), join(folder, 'disturbed')]
    await run([undisturbed])
    const random = createRandom(process.env.KIC_KILL_SEED ?? 'kills')
    const starts: number[] = []
    let kills = 0
    for (let i = 0; i < KILLS; i++) {
      const { killed, start } = await run([disturbed, 'resumable'], random.next() * 200)
      starts.push(start)
      if (killed) kills++
      else await rm(disturbed, { recursive: true })
    }
    await run([disturbed, 'resumable'])
    if (KILLS > 1) console.log(`${kills} kills; the runs began at the steps ${starts.join(', ')}`)
    expect(kills).toBeGreaterThan(0)
    const [a, b] = [
      await loadSafetensors(join(undisturbed, 'final.safetensors')),
      await loadSafetensors(join(disturbed, 'final.safetensors')),
    ]
    expect(Object.keys(b.tensors)).toHaveLength(12)
    expect(distance(a.tensors, b.tensors)).toBe(0)
  },
  30_000 + KILLS * 5_000,
)
