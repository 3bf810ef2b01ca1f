import { type ChildProcess, fork } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Each process has the whole model, so that only small ones are copied unasked. */
const SMALL_BYTES = 32 * 2 ** 20

/** Fewer than a large machine's processors: other programs run there, too. */
const MOST_PROCESSES = 4

/** The number of processes for a model: several for a small folder. */
export const usefulProcesses = async (model: string | URL): Promise<number> => {
  const most = Math.min(availableParallelism(), MOST_PROCESSES)
  const path = typeof model === 'string' ? model : fileURLToPath(model)
  const bytes = await bytesOf(path).catch(() => Number.POSITIVE_INFINITY)
  return bytes <= SMALL_BYTES ? most : 1
}

/** Bytes of all files of a folder. */
const bytesOf = async (folder: string): Promise<number> => {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/**
 * Runs this program once more, as one of so many processes that answer.
 *
 * @param input its standard input: the file of API keys, which may be a pipe that can be read once
 */
export const forkThisCommand = (processes: number, input = ''): ChildProcess => {
  const [, program = '', ...args] = process.argv
  const child = fork(program, [...args, '--child', String(processes)], {
    stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
  })
  // A process that has ended reads nothing; its end is reported.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input)
  return child
}
