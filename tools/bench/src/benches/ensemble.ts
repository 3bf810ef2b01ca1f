import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRandom } from '@kic/core'
import type { EnsembleInput } from '@kic/ensemble'
import { saveEnsemble, writePredictions } from '@kic/ensemble/node'
import type { Probabilities } from '@kic/scores'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine } from '../bench-line.ts'
import type { EnsembleTime } from '../ensemble-worker.ts'

const ROWS = 100_000
const [SECTIONS, DIVISIONS, GROUPS] = [19, 74, 225] as const
const [GROUP_MEMBERS, DIVISION_MEMBERS] = [15, 3] as const
const BLOCK = 1000
const ENGINE = 'float16'

const TASKS = {
  published: 'the published scheme',
  path: 'the most probable path',
  selection: 'selection of group members, 3 rounds',
  temperatures: 'temperatures of group members',
  stack: 'a stack of group members',
} as const

const labels = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`)

const ensemble: EnsembleInput = {
  format: 'kic-ensemble',
  version: 1,
  scheme: 'published',
  levels: [
    { name: 'section', labels: labels('s', SECTIONS) },
    {
      name: 'division',
      labels: labels('d', DIVISIONS),
      parents: Array.from({ length: DIVISIONS }, (_, d) => d % SECTIONS),
    },
    {
      name: 'group',
      labels: labels('g', GROUPS),
      parents: Array.from({ length: GROUPS }, (_, g) => g % DIVISIONS),
    },
  ],
  members: [
    ...labels('group-', GROUP_MEMBERS).map((name) => ({
      name,
      level: 'group',
      predictions: `${name}.safetensors`,
    })),
    ...labels('division-', DIVISION_MEMBERS).map((name) => ({
      name,
      level: 'division',
      predictions: `${name}.safetensors`,
    })),
  ],
}

/** A thousand random rows, again and again: writing takes long enough as it is. */
const blocks = function* (name: string, classes: number): Generator<Probabilities> {
  const random = createRandom('bench', name)
  const data = new Float32Array(BLOCK * classes)
  for (let row = 0; row < BLOCK; row++) {
    const parts = Array.from({ length: classes }, () => Math.log(1 - random.next()) ** 4)
    const sum = parts.reduce((a, b) => a + b, 0)
    data.set(
      parts.map((x) => x / sum),
      row * classes,
    )
  }
  for (let start = 0; start < ROWS; start += BLOCK) yield { rows: BLOCK, classes, data }
}

/** Votes of 15 group and 3 division members on 100,000 stored rows, and what tunes them, each in a process of its own. */
export async function* ensembleBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  const tasks = Object.entries(TASKS)
    .map(([task, what]) => [task, `${GROUP_MEMBERS} × ${ROWS} × ${GROUPS} ${what}`] as const)
    .filter(([, config]) => wanted(config, ENGINE))
  if (tasks.length === 0) return
  const folder = await mkdtemp(join(tmpdir(), 'kic-bench-ensemble-'))
  try {
    const ids = Array.from({ length: ROWS }, (_, row) => `id_${String(row).padStart(7, '0')}`)
    for (const { name, level, predictions = '' } of ensemble.members) {
      const classes = level === 'group' ? GROUPS : DIVISIONS
      const known = ensemble.levels.find((one) => one.name === level)?.labels ?? []
      await writePredictions(join(folder, predictions), { level, labels: known, ids }, blocks(name, classes))
    }
    await saveEnsemble(join(folder, 'ensemble.json'), ensemble)
    const worker = fileURLToPath(new URL('../ensemble-worker.ts', import.meta.url))
    for (const [task, config] of tasks) {
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...process.execArgv,
        worker,
        task,
        folder,
      ])
      const { ms, rows, peakMegabytes }: EnsembleTime = JSON.parse(stdout)
      yield { ...benchLine('ensemble', config, ENGINE, ms, rows), peakMegabytes }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
