import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ModelShape } from './model-shape.ts'

/** What PyTorch took, in the faster of one and two threads. */
export interface TorchTime {
  readonly peer: string
  readonly ms: number
}

/** Debian's own interpreter, for which `apt install python3-torch libopenblas0-pthread` installs. */
const PYTHON = '/usr/bin/python3'

const run = (script: string, args: readonly string[], threads: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const path = fileURLToPath(new URL(`./${script}`, import.meta.url))
    const env = {
      ...process.env,
      OMP_NUM_THREADS: `${threads}`,
      OPENBLAS_NUM_THREADS: `${threads}`,
      PYTHONDONTWRITEBYTECODE: '1',
    }
    const child = spawn(PYTHON, [path, ...args, `${threads}`], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.on('data', (data) => {
      out += data
    })
    child.stderr.on('data', (data) => {
      err += data
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(err.trim().split('\n').at(-1))),
    )
  })

/**
 * The times of a script of this folder, which takes the number of threads as its last argument and prints lines of JSON
 * with `ms` and `version`.
 */
const fasterOfThreads = async (
  script: string,
  args: readonly string[],
): Promise<readonly TorchTime[] | string> => {
  const timesIn = async (threads: number): Promise<TorchTime[]> =>
    (await run(script, args, threads))
      .trim()
      .split('\n')
      .map((line) => {
        const { ms, version } = JSON.parse(line)
        return { peer: `PyTorch ${version}, ${threads} thread${threads > 1 ? 's' : ''}`, ms }
      })
  try {
    const one = await timesIn(1)
    return (await timesIn(2)).map((two, i) => {
      const other = one[i]
      return other !== undefined && other.ms < two.ms ? other : two
    })
  } catch (error) {
    return `no PyTorch: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** `train`: forward, backward, clipping and AdamW; `infer`: logits. */
export interface TorchWork {
  readonly work: 'train' | 'infer'
  readonly shape: ModelShape
}

/** The same work in PyTorch on this machine, one entry each, or the reason why it cannot be measured. */
export const torchTimes = (works: readonly TorchWork[]): Promise<readonly TorchTime[] | string> =>
  fasterOfThreads(
    'torch_peer.py',
    works.map(({ work, shape: { hidden, layers, vocabulary, batch, length } }) =>
      [work, hidden, layers, vocabulary, batch, length].join(),
    ),
  )

/** A whole training loop in PyTorch; `file` is JSON as `torch_loop.py` describes it. */
export const torchLoopTime = async (file: string): Promise<TorchTime | string> => {
  const times = await fasterOfThreads('torch_loop.py', [file])
  return typeof times === 'string' ? times : (times[0] ?? 'no PyTorch')
}
