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

/** The time of a script of this folder, which takes the number of threads as its last argument and prints `ms`. */
const fasterOfThreads = async (script: string, args: readonly string[]): Promise<TorchTime | string> => {
  let best: TorchTime | undefined
  for (const threads of [1, 2]) {
    try {
      const { ms, version } = JSON.parse(await run(script, args, threads))
      if (best === undefined || ms < best.ms)
        best = { peer: `PyTorch ${version}, ${threads} thread${threads > 1 ? 's' : ''}`, ms }
    } catch (error) {
      return `no PyTorch: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return best ?? 'no PyTorch'
}

/**
 * The same work in PyTorch on this machine, or the reason why it cannot be measured.
 *
 * @param work `train`: forward, backward and AdamW; `infer`: logits.
 */
export const torchTime = (
  work: 'train' | 'infer',
  { hidden, layers, vocabulary, batch, length }: ModelShape,
  rounds: number,
): Promise<TorchTime | string> =>
  fasterOfThreads('torch_peer.py', [work, ...[hidden, layers, vocabulary, batch, length, rounds].map(String)])

/** A whole training loop in PyTorch; `file` is JSON as `torch_loop.py` describes it. */
export const torchLoopTime = (file: string): Promise<TorchTime | string> =>
  fasterOfThreads('torch_loop.py', [file])
