import { readdir, stat } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { defined } from '@kic/core'
import type { Ensemble } from '@kic/ensemble'
import { loadEnsemble } from '@kic/ensemble/node'
import { modelFolder } from '@kic/model-mini'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine, round } from '../bench-line.ts'
import type { FolderJob, FolderTime } from '../folder-process.ts'
import { median } from '../median-time.ts'
import { inOwnProcess } from '../own-process.ts'

const TEXTS = 100_000
const LOADS = 3

/** What a bench of a model's folder is told on the command line. */
export interface FolderOptions {
  /** Default: the bundled model. */
  readonly model?: string | undefined
  /** The member that an ensemble is compared with; default: the one with the largest weight at the finest level. */
  readonly member?: string | undefined
}

/**
 * A model's folder: loading it, and coding 100,000 different answers, each in a process of its own; for an ensemble, one of
 * its members beside it.
 */
export async function* folderBench(
  wanted: BenchFilter,
  { model: folder = modelFolder, member: asked }: FolderOptions,
): AsyncGenerator<BenchLine> {
  const isEnsemble = (await readdir(folder)).includes('ensemble.json')
  if (!isEnsemble) {
    yield* linesOf(wanted, 'model', { folder }, await megabytesIn(folder))
    return
  }
  const ensemble = await loadEnsemble(join(folder, 'ensemble.json'))
  const name = `${ensemble.members.length} members, ${ensemble.scheme}`
  yield* linesOf(wanted, name, { folder }, await megabytesIn(folder))
  const member = asked ?? weightiest(ensemble)
  yield* linesOf(wanted, member, { folder, member }, await megabytesOf(folder, ensemble, member))
}

async function* linesOf(
  wanted: BenchFilter,
  engine: string,
  job: Omit<FolderJob, 'texts'>,
  megabytes: number,
): AsyncGenerator<BenchLine> {
  const loading = `loading ${megabytes.toFixed(1)} MB`
  const coding = `coding ${TEXTS} different answers`
  const run = (texts: number) => inOwnProcess<FolderJob, FolderTime>('./folder-process.ts', { ...job, texts })
  const line = (
    config: string,
    { ms, cpuMs }: { readonly ms: number; readonly cpuMs: number },
    { peakMegabytes, emptyMegabytes }: FolderTime,
    examples?: number,
  ): BenchLine => ({
    ...benchLine('folder', config, engine, ms, examples),
    peakMegabytes,
    cpuMs: round(cpuMs, 0),
    note:
      `peak ${peakMegabytes} MB, ${emptyMegabytes} MB before loading, processor ${(cpuMs / 1000).toFixed(1)} s, ` +
      `load average ${defined(loadavg()[0]).toFixed(1)}`,
  })
  if (wanted(loading, engine)) {
    const times: FolderTime[] = []
    for (let i = 0; i < LOADS; i++) times.push(await run(0))
    const ms = median(times.map(({ loadMs }) => loadMs))
    const cpuMs = median(times.map(({ loadCpuMs }) => loadCpuMs))
    yield line(loading, { ms, cpuMs }, defined(times[0]))
  }
  if (wanted(coding, engine)) {
    const time = await run(TEXTS)
    yield line(coding, { ms: time.codeMs, cpuMs: time.codeCpuMs }, time, TEXTS)
  }
}

/** The member of the finest level with the largest weight there: its own, or in the level's stack. */
const weightiest = ({ levels, members, stacks }: Ensemble): string => {
  const finest = levels.at(-1)?.name
  const stacked = stacks?.find(({ level }) => level === finest)?.weights
  const [first] = members
    .map(({ name, level, weight }, i) => ({ name, level, weight: stacked?.[i] ?? weight }))
    .filter(({ level }) => level === finest)
    .toSorted((a, b) => b.weight - a.weight)
  return defined(first).name
}

const megabytesIn = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return sizeOf(files.map((entry) => join(entry.parentPath, entry.name)))
}

/** What a member alone takes of an ensemble's folder. */
const megabytesOf = async (folder: string, { files = {} }: Ensemble, member: string): Promise<number> => {
  const below = join('members', member)
  const shared = Object.entries(files).flatMap(([path, place]) =>
    path.startsWith(`members/${member}/`) ? [join(folder, place)] : [],
  )
  return (await megabytesIn(join(folder, below))) + (await sizeOf(shared))
}

const sizeOf = async (paths: readonly string[]): Promise<number> => {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size))
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6
}
