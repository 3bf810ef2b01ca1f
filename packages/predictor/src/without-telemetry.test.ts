import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { saveTinyModel } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, expect, it } from 'vitest'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-telemetry-'))
  await saveTinyModel(folder)
})
afterAll(() => rm(folder, { recursive: true }))

/** Files that a program with a predictor leaves in its user's home. */
const filesInHome = async (...args: readonly string[]): Promise<readonly string[]> => {
  const home = await mkdtemp(join(folder, 'home-'))
  const program = join(import.meta.dirname, '__fixtures__/one-prediction.ts')
  // ONNX Runtime itself reports nothing where CI is set.
  const { CI: _, ORT_DISABLE_TELEMETRY: __, ...env } = process.env
  await promisify(execFile)(
    process.execPath,
    ['--conditions=@kic/source', '--import', 'tsx', program, folder, ...args],
    { env: { ...env, HOME: home } },
  )
  return readdir(home, { recursive: true })
}

it('reports nothing to the maker of ONNX Runtime', { timeout: 60_000 }, async () => {
  expect(await filesInHome()).toEqual([])
  expect(await filesInHome('in a thread')).toEqual([])
})
