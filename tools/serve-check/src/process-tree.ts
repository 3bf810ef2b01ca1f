import { readdir, readFile } from 'node:fs/promises'

/** A process and all that it started, directly or not; empty once it has ended. Linux only. */
export const processTree = async (pid: number): Promise<number[]> => {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => undefined)
  if (threads === undefined) return []
  const children = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  )
  const pids = children.flatMap((text) => text.trim().split(' ')).filter((text) => text !== '')
  const below = await Promise.all(pids.map((text) => processTree(Number(text))))
  return [pid, ...below.flat()]
}
