import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createRandom } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hashedStages } from './__fixtures__/hashed-stages.ts'
import { makeStage } from './make-stage.ts'
import { pruneStore } from './prune-store.ts'
import { runStages } from './run-stages.ts'
import { inOrder, type Stage } from './stage.ts'
import { readFailure } from './stage-failure.ts'
import { stageFolder, stageState } from './stage-folder.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'store-'))
})
afterEach(() => rm(root, { recursive: true }))

const timing = { beat: 10, silence: 150, poll: 5 }
const words: Stage = {
  name: 'words',
  version: 1,
  config: {},
  needs: {},
  memory: 1,
  run: () => Promise.resolve(),
}
const write = (text: string) => (folder: string) => writeFileAtomic(join(folder, 'text'), text)
const entries = async (): Promise<string[]> => (await readdir(root)).sort()

it('lets one of several callers run a stage, and gives all of them its folder', async () => {
  let runs = 0
  const said: string[] = []
  const make = async (folder: string): Promise<void> => {
    runs += 1
    await pause(1_300) // longer than the silence: the heartbeat holds the lease
    await write('once')(folder)
  }
  const options = { timing: { ...timing, silence: 1_000 }, say: (line: string) => void said.push(line) }
  const made = await Promise.all([1, 2, 3].map(() => makeStage(root, words, make, options)))
  expect(runs).toBe(1)
  expect(made.filter((one) => one.made)).toHaveLength(1)
  expect(new Set(made.map(({ folder }) => folder)).size).toBe(1)
  expect(said).toEqual(Array(2).fill(expect.stringMatching(/^waits for words, which .+ runs$/)))
  expect(await entries()).toHaveLength(1)
})

it('holds the lease while a computation blocks the main thread', async () => {
  const blocking = makeStage(
    root,
    words,
    async (folder) => {
      const file = join(root, (await entries()).find((name) => name.includes('.lease-')) ?? '')
      const before = readFileSync(file, 'utf8')
      const until = performance.now() + 10_000
      while (readFileSync(file, 'utf8') === before && performance.now() < until);
      expect(readFileSync(file, 'utf8')).not.toBe(before)
      await write('blocked')(folder)
    },
    { timing },
  )
  expect(await blocking).toMatchObject({ made: true })
})

it('records a failure beside the folder until the stage is run again', async () => {
  const folder = stageFolder(root, words)
  const failing = makeStage(root, words, () => Promise.reject(new Error('disk full')), { timing })
  await expect(failing).rejects.toThrow('disk full')
  expect(await readFailure(folder, 'words')).toMatchObject({
    name: 'words',
    reason: 'disk full',
    pid: process.pid,
  })
  let seen: unknown
  await makeStage(
    root,
    words,
    async (own) => {
      seen = await readFailure(folder, 'words')
      await write('')(own)
    },
    { timing },
  )
  expect(seen).toBeUndefined()
  expect(await stageState(root, words)).toBe('done')
  expect(await entries()).toHaveLength(1)
})

it('keeps the writes of a process that lost its stage while it was suspended out of the result', async () => {
  const signal = () => {
    let give = (): void => {}
    const given = new Promise<void>((resolve) => {
      give = resolve
    })
    return { give, given }
  }
  const [begun, taken, written] = [signal(), signal(), signal()]
  /** Its lease has no heartbeat. */
  const suspended = makeStage(
    root,
    words,
    async (folder) => {
      const log = await open(join(folder, 'log'), 'a')
      await log.write('first\n')
      await writeFileAtomic(join(folder, 'checkpoint'), 'first')
      begun.give()
      await taken.given
      await log.write('lost\n')
      await log.close()
      await writeFileAtomic(join(folder, 'text'), 'lost') // creates the folder again
      written.give()
    },
    { timing: { ...timing, beat: 1e9, silence: 1e9 } },
  )
  await begun.given
  const taking = makeStage(
    root,
    words,
    async (folder) => {
      expect(await readFile(join(folder, 'checkpoint'), 'utf8')).toBe('first')
      taken.give()
      await written.given
      await pause(50) // the other one tries to commit
      expect(await stateOf()).toBe('begun')
      await writeFileAtomic(join(folder, 'text'), 'second')
    },
    { timing },
  )
  const stateOf = () => stageState(root, words)
  expect(await taking).toMatchObject({ made: true })
  const { folder, made } = await suspended
  expect(made).toBe(false)
  expect((await readdir(folder)).sort()).toEqual(['checkpoint', 'log', 'stage.json', 'text'])
  expect(await readFile(join(folder, 'log'), 'utf8')).toBe('first\n')
  expect(await readFile(join(folder, 'text'), 'utf8')).toBe('second')
  expect(await entries()).toHaveLength(1)
})

it('returns the result of the first of two that finish', async () => {
  const folder = stageFolder(root, words)
  const made = await makeStage(root, words, async (own) => {
    await write('second')(own)
    // Another process commits meanwhile.
    await writeFileAtomic(join(folder, 'text'), 'first')
    await writeFileAtomic(join(folder, 'stage.json'), '{}')
  })
  expect(made).toEqual({ folder, seconds: 0, made: false })
  expect(await readFile(join(folder, 'text'), 'utf8')).toBe('first')
  expect(await entries()).toHaveLength(1)
})

interface Started {
  readonly process: ChildProcess
  readonly said: () => string
  readonly line: (text: string) => Promise<void>
}

const started = (): Started => {
  const program = join(import.meta.dirname, '__fixtures__', 'store-process.ts')
  const child = spawn(process.execPath, ['--conditions=@kic/source', '--import', 'tsx', program, root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  return {
    process: child,
    said: () => said,
    line: async (text) => {
      while (!said.includes(text) && child.exitCode === null && child.signalCode === null) await pause(5)
    },
  }
}

it.runIf(process.platform !== 'win32')(
  'commits every stage once, with the same bytes, whatever processes are killed or suspended',
  async () => {
    const random = createRandom('killed processes')
    const wanted = hashedStages(0)
    const folders = inOrder(wanted).map((stage) => stageFolder(root, stage))
    const identities = new Map<string, number>()
    const watch = async (): Promise<void> => {
      for (const folder of folders) {
        const now = (await stat(folder).catch(() => undefined))?.ino
        if (now === undefined) expect(identities.has(folder), `${folder} has gone`).toBe(false)
        else expect(identities.get(folder) ?? now, `${folder} was replaced`).toBe(now)
        if (now !== undefined) identities.set(folder, now)
      }
    }
    const all: Started[] = []
    /** A place for a process, in which several follow each other. */
    const place = async (): Promise<void> => {
      for (;;) {
        const child = started()
        all.push(child)
        await child.line('ready')
        await pause(20 + random.int(250))
        const end = child.process.exitCode === null ? once(child.process, 'exit') : undefined
        if (all.length < 7) {
          const suspended = random.int(2) === 0
          child.process.kill(suspended ? 'SIGSTOP' : 'SIGKILL')
          if (!suspended) continue
          await pause(300 + random.int(300)) // others take over
          child.process.kill('SIGCONT')
        }
        await end
        if (child.said().includes('finished')) return
      }
    }
    let running = true
    const watching = (async () => {
      while (running) {
        await watch()
        await pause(5)
      }
    })()
    await Promise.all([place(), place(), place()])
    running = false
    await watching
    const told = all.map(({ said }) => said()).join('')
    for (const { name } of inOrder(wanted))
      expect(told.split(`${name} is done after`).length - 1, `${name} was made`).toBeLessThanOrEqual(1)

    const { busy } = await pruneStore(root, wanted, timing)
    expect(busy).toEqual([])
    expect(await entries()).toEqual(folders.map((folder) => folder.slice(root.length + 1)).sort())
    const alone = await mkdtemp(join(tmpdir(), 'store-alone-'))
    try {
      await runStages(wanted, { root: alone, say: () => {} })
      expect(await bytesOf(root)).toEqual(await bytesOf(alone))
    } finally {
      await rm(alone, { recursive: true })
    }
  },
  60_000,
)

/** The files of all results but their records. */
const bytesOf = async (store: string): Promise<Record<string, string>> => {
  const files = await readdir(store, { recursive: true, withFileTypes: true })
  const read = files
    .filter((file) => file.isFile() && file.name !== 'stage.json')
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [path.slice(store.length), await readFile(path, 'utf8')] as const
    })
  return Object.fromEntries((await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1)))
}
