import { spawn } from 'node:child_process'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom, KicError } from '@kic/core'
import { inferenceContext, selectEngine } from '@kic/engine'
import { initialize } from '@kic/nn'
import { createRobertaConfig, sequenceClassifier } from '@kic/roberta'
import { loadPretrained, savePretrained } from '@kic/roberta/node'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import { runOnce } from './run-once.ts'

/** Debian's own interpreter, for which `apt-get install python3-torch` installs. */
const PYTHON = '/usr/bin/python3'

/** Runs a Python script of this folder; its last line is JSON, if it prints any. */
const python = (script: string, args: readonly string[], input: unknown): Promise<string> =>
  new Promise((resolve, reject) => {
    const path = fileURLToPath(new URL(script, import.meta.url))
    const child = spawn(PYTHON, [path, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.on('data', (data) => {
      out += data
    })
    child.stderr.on('data', (data) => {
      err += data
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(out)
      else
        reject(
          new KicError(
            'parity/torch',
            `${PYTHON} ${script}: ${err.trim().split('\n').at(-1)}. apt-get install python3-torch`,
          ),
        )
    })
    child.stdin.end(JSON.stringify(input))
  })

const config = createRobertaConfig({
  vocab_size: 500,
  hidden_size: 48,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  intermediate_size: 96,
  max_position_embeddings: 40,
  type_vocab_size: 1,
  initializer_range: 0.2,
  layer_norm_eps: 1e-5,
  num_labels: 9,
})
const model = sequenceClassifier(config)

/** Rows of different lengths, padded with 1. */
const batch = (rows: number, width: number): { lists: Record<string, number[][]>; feeds: HostTensors } => {
  const random = createRandom('check-torch')
  const lengths = Array.from({ length: rows }, () => 3 + random.int(width - 2))
  const lists = {
    input_ids: lengths.map((n) => Array.from({ length: width }, (_, i) => (i < n ? 4 + random.int(496) : 1))),
    attention_mask: lengths.map((n) => Array.from({ length: width }, (_, i) => (i < n ? 1 : 0))),
  }
  const tensor = (list: number[][]): HostTensor => ({
    dtype: 'int32',
    shape: [rows, width],
    data: Int32Array.from(list.flat()),
  })
  return {
    lists,
    feeds: { input_ids: tensor(lists.input_ids), attention_mask: tensor(lists.attention_mask) },
  }
}

const logitsOf = async (params: HostTensors, feeds: HostTensors): Promise<HostTensor['data']> => {
  const engine = await selectEngine('compiled')
  try {
    const { logits } = await runOnce(engine, params, feeds, (p, f) => ({
      logits: model.logits(p, f, inferenceContext),
    }))
    return logits?.data ?? new Float32Array()
  } finally {
    engine.dispose()
  }
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length && a.length > 0
    ? Array.from(a, (x, i) => Math.abs(x - (b[i] ?? Number.NaN))).reduce((max, d) => (d <= max ? max : d), 0)
    : Number.POSITIVE_INFINITY

const report = (what: string, difference: number, allowed: number): void => {
  const pass = difference <= allowed
  console.log(
    `${pass ? 'pass' : 'FAIL'}  ${what}: largest difference ${difference.toExponential(1)}, allowed ${allowed}`,
  )
  if (!pass) process.exitCode = 1
}

const folder = await mkdtemp(join(tmpdir(), 'kic-check-torch-'))
try {
  const params = initialize(model.parameters, 5)
  const { lists, feeds } = batch(6, 21)
  const expected = await logitsOf(params, feeds)
  await savePretrained(folder, { config, params })
  const { logits, architectures, torch } = JSON.parse(await python('./torch_logits.py', [folder], lists))
  report(
    `PyTorch ${torch} reads what savePretrained wrote (${architectures}), logits`,
    largestDifference(logits.flat(), expected),
    1e-4,
  )

  const weights = join(folder, 'model.safetensors')
  for (const [dtype, form, allowed] of [
    ['float32', 'zip', 0],
    ['float32', 'legacy', 0],
    ['float16', 'zip', 1e-3],
    ['bfloat16', 'legacy', 1e-2],
  ] as const) {
    await python('./torch_save.py', [folder, dtype, form], null)
    await rename(weights, `${weights}.aside`)
    const loaded = await loadPretrained(folder)
    await rename(`${weights}.aside`, weights)
    const differences = Object.entries(params).map(([name, { data }]) =>
      largestDifference(data, loaded.params[name]?.data ?? []),
    )
    report(
      `loadPretrained reads torch.save (${dtype}, ${form}), ${differences.length} parameters`,
      Math.max(...differences),
      allowed,
    )
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true })
}
