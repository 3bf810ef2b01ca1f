import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ModelShape } from './model-shape.ts'

/** What PyTorch took, in the faster of one and two threads. */
export interface TorchTime {
  readonly peer: string
  readonly ms: number
}

const SCRIPT = fileURLToPath(new URL('./torch_peer.py', import.meta.url))
/** Debian's own interpreter, for which `apt install python3-torch libopenblas0-pthread` installs. */
const PYTHON = '/usr/bin/python3'

const run = (args: readonly string[], threads: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` }
    const child = spawn(PYTHON, [SCRIPT, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
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
 * The same work in PyTorch on this machine, or the reason why it cannot be measured.
 *
 * @param work `train`: forward, backward and AdamW; `infer`: logits.
 */
export const torchTime = async (
  work: 'train' | 'infer',
  shape: ModelShape,
  rounds: number,
): Promise<TorchTime | string> => {
  const { hidden, layers, vocabulary, batch, length } = shape
  let best: TorchTime | undefined
  for (const threads of [1, 2]) {
    try {
      const out = await run(
        [work, ...[hidden, layers, vocabulary, batch, length, rounds, threads].map(String)],
        threads,
      )
      const { ms, version } = JSON.parse(out)
      if (best === undefined || ms < best.ms)
        best = { peer: `PyTorch ${version}, ${threads} thread${threads > 1 ? 's' : ''}`, ms }
    } catch (error) {
      return `no PyTorch: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return best ?? 'no PyTorch'
}
