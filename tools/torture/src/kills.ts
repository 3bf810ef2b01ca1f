import { spawn } from 'node:child_process'
import { type FSWatcher, watch } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom } from '@kic/core'
import { loadSafetensors } from '@kic/safetensors/node'
import { differingTensors, type RunEnd } from './small-run.ts'

const SCRIPT = fileURLToPath(new URL('./killable-run.ts', import.meta.url))
const LEFTOVER = '.kic-checkpoint-'

/** When to kill: some time after training began, or after so many checkpoints have begun to be written. */
export type Moment = { readonly after: number } | { readonly writes: number; readonly after: number }

export interface KillsReport {
  readonly kills: number
  /** Kills that left a checkpoint half written. */
  readonly insideWriting: number
  /** Steps that lives began at. */
  readonly starts: readonly number[]
  /** Runs that came to their end, and the names of tensors that differed from the undisturbed run's. */
  readonly runs: number
  readonly differing: readonly string[]
}

/** Moments at random; every other kill aims at a checkpoint that is being written. */
export const randomMoments = (seed: string): ((kill: number) => Moment) => {
  const random = createRandom(seed)
  return (kill) =>
    kill % 2 === 0 ? { after: random.next() * 400 } : { writes: 1 + random.int(6), after: random.next() * 8 }
}

/**
 * Runs the small run again and again, each time killed with SIGKILL and resumed, until it has been killed so often;
 * whenever it reaches its end, that is compared with the undisturbed end and it begins anew.
 */
export const killOften = async (
  folder: string,
  undisturbed: RunEnd,
  kills: number,
  momentOf: (kill: number) => Moment,
  tell: (line: string) => void = () => undefined,
): Promise<KillsReport> => {
  const starts: number[] = []
  const differing = new Set<string>()
  let [killed, insideWriting, runs] = [0, 0, 0]
  const compare = async (): Promise<void> => {
    const { tensors } = await loadSafetensors(join(folder, 'end.safetensors'))
    for (const name of differingTensors(undisturbed, tensors)) differing.add(name)
    runs++
    await rm(folder, { recursive: true })
  }
  while (killed < kills) {
    await mkdir(folder, { recursive: true })
    const life = await live(folder, momentOf(killed))
    starts.push(life.start)
    if (!life.killed) {
      await compare()
      continue
    }
    killed++
    const inside = (await readdir(folder)).some((name) => name.startsWith(LEFTOVER))
    if (inside) insideWriting++
    tell(
      `kill ${killed} of ${kills}: began at step ${life.start}${inside ? ', a checkpoint half written' : ''}`,
    )
  }
  await mkdir(folder, { recursive: true })
  const last = await live(folder)
  starts.push(last.start)
  await compare()
  return { kills: killed, insideWriting, starts, runs, differing: [...differing] }
}

/** One process, to its end or until it is killed. */
const live = (folder: string, moment?: Moment) =>
  new Promise<{ killed: boolean; start: number }>((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@kic/source', '--import', 'tsx', SCRIPT, folder])
    let [start, writes, errors] = [-1, 0, '']
    let watcher: FSWatcher | undefined
    const killIn = (milliseconds: number): void => {
      setTimeout(() => child.kill('SIGKILL'), milliseconds)
    }
    child.stdout.on('data', (data) => {
      if (start >= 0) return
      start = Number(String(data))
      if (moment === undefined) return
      if (!('writes' in moment)) return killIn(moment.after)
      watcher = watch(folder, (_, name) => {
        // A folder's renaming to its final name is told as well; only its making is counted.
        if (name?.startsWith(LEFTOVER) && ++writes === 2 * moment.writes - 1) killIn(moment.after)
      })
    })
    child.stderr.on('data', (data) => {
      errors += String(data)
    })
    child.on('close', (code, signal) => {
      watcher?.close()
      if (code === 0 || signal === 'SIGKILL') resolve({ killed: signal === 'SIGKILL', start })
      else reject(new Error(`a run failed: ${errors}`))
    })
  })
