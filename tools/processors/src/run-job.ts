import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { KicError } from '@kic/core'
import { build } from 'esbuild'
import type { Job, JobResult } from './job.ts'

/** In `node_modules`, where the bundle finds the packages that are not part of it. */
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/kic-processors')

/** The program of `worker.ts` in one file, as an emulated processor would take long to read hundreds. */
export const bundleWorker = async (): Promise<string> => {
  await mkdir(CACHE, { recursive: true })
  const outfile = join(CACHE, 'worker.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@kic/source'],
    external: ['onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-backend-wasm'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  return outfile
}

/** A processor, and the command before `node` that emulates it. */
export interface Processor {
  readonly name: string
  readonly command: readonly string[]
}

/** @throws KicError `processors/failed` with the program's output */
export const runJob = async (
  { name, command }: Processor,
  worker: string,
  job: Job,
  folder: string,
): Promise<JobResult> => {
  const [jobPath, resultPath] = [join(folder, 'job.json'), join(folder, 'result.json')]
  await writeFile(jobPath, JSON.stringify(job))
  const [program = process.execPath, ...args] = [...command, process.execPath, worker, jobPath, resultPath]
  try {
    await promisify(execFile)(program, args, { maxBuffer: 2 ** 26 })
  } catch (cause) {
    const written = cause instanceof Error && 'stderr' in cause ? `\n${cause.stderr}` : ''
    throw new KicError(
      'processors/failed',
      `runJob: it must end with 0 on ${name}, received ${cause}.${written}`,
      {
        cause,
      },
    )
  }
  const result: JobResult = JSON.parse(await readFile(resultPath, 'utf8'))
  return result
}
