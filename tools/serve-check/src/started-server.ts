import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { KicError } from '@kic/core'

/** A `kic serve` in a process of its own. */
export interface StartedServer {
  readonly url: string
  readonly process: ChildProcess
  /** Sends SIGTERM, and returns the exit code. */
  stop(): Promise<number | null>
}

/** The program and its first arguments, up to `serve`. */
export type KicCommand = readonly [program: string, ...args: string[]]

/** The command of this repository, from its sources. */
export const kicOfSources = (): KicCommand => [
  process.execPath,
  join(dirname(createRequire(import.meta.url).resolve('@kic/cli/package.json')), 'bin/kic.js'),
]

/** How long a model may take to load. */
const START_MS = 60_000

/**
 * Starts `kic serve` on a free port of the loopback, and waits until it is ready.
 *
 * @throws KicError `serve-check/start` with what it printed
 */
export const startKicServe = async (
  [program, ...first]: KicCommand,
  args: readonly string[] = [],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> = {},
): Promise<StartedServer> => {
  const child = spawn(program, [...first, 'serve', '--port', '0', ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  ended.catch(() => undefined)
  let printed = ''
  const ready = new Promise<string>((resolve, reject) => {
    const fail = (how: string): void =>
      reject(
        new KicError(
          'serve-check/start',
          `startKicServe: the server must become ready, but it ${how}:\n${printed}`,
        ),
      )
    const late = setTimeout(fail, START_MS, 'took too long')
    const settle = (): void => clearTimeout(late)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    const read = (text: string): void => {
      printed += text
      const url = /"url":"([^"]+)"/.exec(printed)?.[1]
      if (url === undefined || !printed.includes('"event":"ready"')) return
      settle()
      // Later log lines are read and dropped.
      child.stdout.off('data', read).resume()
      resolve(url)
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.once('error', (error) => fail(`did not start (${error.message})`))
    child.once('close', (code) => {
      settle()
      fail(`ended with ${code}`)
    })
  })
  try {
    const url = await ready
    return {
      url,
      process: child,
      stop: async () => {
        child.kill('SIGTERM')
        const [code] = await ended
        return code
      },
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}
