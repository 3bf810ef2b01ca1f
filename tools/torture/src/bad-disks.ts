import { execFileSync } from 'node:child_process'
import { mkdir, readdir, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { isKicError, KicError } from '@kic/core'
import { folderCheckpoints } from '@kic/trainer/node'
import { differingTensors, type RunEnd, smallRun } from './small-run.ts'

/** What became of a run on a bad disk. */
export interface DiskReport {
  readonly name: string
  /** The output of the run. */
  readonly said: string
  /** What is wrong, if something is. */
  readonly failure: string | undefined
}

type Scenario = (folder: string, undisturbed: RunEnd) => Promise<DiskReport>

const mount = (...args: readonly string[]): void => {
  try {
    execFileSync('mount', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (cause) {
    throw new KicError(
      'torture/no-mount',
      `torture: mount ${args.join(' ')} failed; it needs root: try sudo npm run torture, or --skip-disks`,
      { cause },
    )
  }
}

/** Gives a tmpfs of so many KiB to a scenario. */
const onTmpfs = async <T>(folder: string, kib: number, work: () => Promise<T>): Promise<T> => {
  await mkdir(folder, { recursive: true })
  mount('-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', folder)
  try {
    return await work()
  } finally {
    execFileSync('umount', [folder])
  }
}

/** The output of a run that must fail. */
const failureOf = async (
  folder: string,
  code: string,
  reason: string,
  callbacks: Parameters<typeof smallRun>[1] = [],
) => {
  const error: unknown = await smallRun(folderCheckpoints(folder), callbacks).then(
    () => new Error('the run did not fail'),
    (thrown: unknown) => thrown,
  )
  const said = error instanceof Error ? error.message : String(error)
  const clear = isKicError(error) && error.code === code && said.includes(reason)
  return { said, failure: clear ? undefined : `expected ${code} for ${reason}, received: ${said}` }
}

/** Goes on where there is room again, and compares. */
const goOn = async (
  folder: string,
  undisturbed: RunEnd,
  warn: (message: string) => void = () => undefined,
) => {
  let start = 0
  const onStart = ({ step }: { step: number }): void => {
    start = step
  }
  const end = await smallRun(folderCheckpoints(folder, { warn }), [{ onStart }])
  const differing = differingTensors(undisturbed, end)
  if (start === 0) return 'the run began anew instead of going on'
  return differing.length === 0
    ? undefined
    : `resumed at step ${start}, then ${differing.join(', ')} differed`
}

const fullDisk: Scenario = (folder, undisturbed) =>
  // One checkpoint fits, two do not.
  onTmpfs(folder, 900, async () => {
    const { said, failure } = await failureOf(folder, 'trainer/checkpoint-failed', 'ENOSPC')
    const name = 'full disk'
    if (failure !== undefined) return { name, said, failure }
    const kept = (await readdir(folder)).filter((entry) => entry.startsWith('checkpoint-'))
    if (kept.length === 0) return { name, said, failure: 'no checkpoint survived' }
    mount('-o', 'remount,size=20m', folder)
    return { name, said, failure: await goOn(folder, undisturbed) }
  })

const readOnlyFolder: Scenario = (folder) =>
  onTmpfs(folder, 20_000, async () => {
    mount('-o', 'remount,ro', folder)
    let steps = 0
    const onStep = (): void => void steps++
    const { said, failure } = await failureOf(folder, 'trainer/checkpoint-folder', 'EROFS', [{ onStep }])
    const late = steps > 0 ? `said only after ${steps} steps` : undefined
    return { name: 'read-only folder', said, failure: failure ?? late }
  })

const turnsReadOnly: Scenario = (folder, undisturbed) =>
  onTmpfs(folder, 20_000, async () => {
    const onStep = ({ step }: { step: number }): void => {
      if (step === 21) mount('-o', 'remount,ro', folder)
    }
    const name = 'disk turns read-only at step 21'
    const { said, failure } = await failureOf(folder, 'trainer/checkpoint-failed', 'EROFS', [{ onStep }])
    if (failure !== undefined) return { name, said, failure }
    mount('-o', 'remount,rw', folder)
    return { name, said, failure: await goOn(folder, undisturbed) }
  })

const truncatedCheckpoint: Scenario = async (folder, undisturbed) => {
  const name = 'truncated checkpoint'
  const stopped = new Error('stopped')
  const onStep = ({ step }: { step: number }): void => {
    if (step === 31) throw stopped
  }
  await smallRun(folderCheckpoints(folder), [{ onStep }]).catch((error: unknown) => {
    if (error !== stopped) throw error
  })
  const newest =
    (await readdir(folder))
      .filter((entry) => entry.startsWith('checkpoint-'))
      .sort()
      .at(-1) ?? ''
  const file = join(folder, newest, 'optimizer.safetensors')
  await truncate(file, (await stat(file)).size >> 1)
  const warnings: string[] = []
  const failure = await goOn(folder, undisturbed, (message) => warnings.push(message))
  const silent = warnings[0]?.includes(newest) ? undefined : `${newest} was not named`
  return { name, said: warnings.join('; '), failure: failure ?? silent }
}

/** Scenarios that need a file system of their own, which `mount` gives to root. */
export const mountedScenarios: readonly Scenario[] = [fullDisk, readOnlyFolder, turnsReadOnly]
export const plainScenarios: readonly Scenario[] = [truncatedCheckpoint]
