import { readFile } from 'node:fs/promises'

/** Clock ticks of `/proc` a second: 100 in every Linux. */
const TICK_MS = 10

/** Processor time of all threads of a process so far, in milliseconds; `undefined` once it has ended, and outside of Linux. */
export const processorTime = async (pid: number): Promise<number | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // Behind the name in brackets: utime is the 12th field, stime the 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return ticks > 0 ? ticks * TICK_MS : undefined
}
