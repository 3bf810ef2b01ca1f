import { defined } from '@kic/core'

/** Work to schedule. */
export interface Task {
  /** Unique. */
  readonly name: string
  /** Non-negative. */
  readonly seconds: number
  /** Names of the tasks that must have ended before. */
  readonly needs: readonly string[]
}

/** A task at its time. */
export interface ScheduledTask {
  readonly name: string
  /** Seconds from the start of the schedule. */
  readonly start: number
  readonly end: number
}

/**
 * Assigns tasks to workers, and returns each worker's tasks in order. Whenever a worker is idle it takes, of the tasks
 * whose needs have ended, the one with the longest remaining path of needing tasks. The result depends on nothing but
 * the arguments.
 *
 * The last task ends at most (2 − 1/workers) times as late as in the best schedule: Graham 1969, "Bounds on
 * Multiprocessing Timing Anomalies", SIAM Journal on Applied Mathematics 17(2), theorem 1.
 *
 * @param tasks each after its needs
 * @param workers equally fast; at least 1
 */
export const schedule = (tasks: readonly Task[], workers: number): readonly (readonly ScheduledTask[])[] => {
  const paths = longestPaths(tasks)
  const waiting = [...tasks].sort((a, b) => defined(paths.get(b.name)) - defined(paths.get(a.name)))
  const ended = new Map<string, number>()
  const lists = Array.from({ length: workers }, (): ScheduledTask[] => [])
  const free = lists.map(() => 0)
  const isReady = ({ needs }: Task, now: number): boolean =>
    needs.every((need) => (ended.get(need) ?? Number.POSITIVE_INFINITY) <= now)
  let now = 0
  while (waiting.length > 0) {
    const worker = free.findIndex((end) => end <= now)
    const ready = worker < 0 ? -1 : waiting.findIndex((task) => isReady(task, now))
    const [task] = ready < 0 ? [] : waiting.splice(ready, 1)
    if (task === undefined) {
      now = Math.min(...free.filter((end) => end > now))
      continue
    }
    const end = now + task.seconds
    lists[worker]?.push({ name: task.name, start: now, end })
    ended.set(task.name, end)
    free[worker] = end
  }
  return lists
}

/** Seconds from the start of each task to the end of the last one that needs it, directly or not. */
export const longestPaths = (tasks: readonly Task[]): ReadonlyMap<string, number> => {
  const after = new Map<string, number>()
  const paths = new Map<string, number>()
  for (const { name, seconds, needs } of [...tasks].reverse()) {
    const path = seconds + (after.get(name) ?? 0)
    paths.set(name, path)
    for (const need of needs) after.set(need, Math.max(path, after.get(need) ?? 0))
  }
  return paths
}
