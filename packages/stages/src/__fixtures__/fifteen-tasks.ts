import type { Random } from '@kic/core'
import type { Task } from '../schedule.ts'

/**
 * Stages like those of the competition's fifteen members: three encoders, adapted ones, pairs that need earlier
 * members, fused members that need one of a level above, and predictions. Each takes half to twice its usual seconds.
 */
export const fifteenTasks = (random: Random): readonly Task[] => {
  const made: Task[] = []
  const task = (name: string, seconds: number, ...needs: readonly string[]): string => {
    made.push({ name, seconds: seconds * 2 ** (2 * random.next() - 1), needs })
    return name
  }
  const seconds = { small: 20, base: 40, large: 80 }
  const sizes = ['small', 'base', 'large'] as const
  for (const size of sizes) {
    task(`vocabulary/${size}`, 0)
    task(`encoder/${size}`, seconds[size], `vocabulary/${size}`)
  }
  const predicted = (name: string, cost: number): string => {
    task(`predictions/${name}`, cost / 10, `member/${name}`)
    task(`copies/${name}`, cost / 20, `member/${name}`)
    return `member/${name}`
  }
  const member = (name: string, size: (typeof sizes)[number], ...needs: readonly string[]): string => {
    task(`member/${name}`, 2 * seconds[size], ...needs)
    return predicted(name, seconds[size])
  }
  member('group-small', 'small', 'encoder/small')
  member('group-small-accuracy', 'small', 'encoder/small')
  const base = member('group-base', 'base', 'encoder/base')
  member('group-base-accuracy', 'base', 'encoder/base')
  member('group-base-bilstm', 'base', 'encoder/base')
  const large = member('group-large', 'large', 'encoder/large')
  task('tapt/base', 30, 'encoder/base')
  task('tapt/large', 60, 'encoder/large')
  const division = member('division-base-tapt', 'base', 'tapt/base')
  member('group-base-tapt-fusion', 'base', 'tapt/base', division)
  member('group-large-tapt', 'large', 'tapt/large')
  member('division-large-tapt', 'large', 'tapt/large')
  task('pairs/large', 60, 'tapt/large', base, large)
  const divisionPairs = member('division-large-tapt-pairs', 'large', 'pairs/large')
  member('group-large-tapt-pairs', 'large', 'pairs/large')
  member('group-large-tapt-pairs-bilstm', 'large', 'pairs/large')
  member('group-large-tapt-pairs-fusion', 'large', 'pairs/large', divisionPairs)
  member('group-large-tapt-pairs-accuracy', 'large', 'pairs/large')
  for (const name of ['group-ngrams', 'group-ngrams-joined', 'group-nb-svc-joined', 'division-ngrams-joined']) {
    task(`member/${name}`, 40)
    predicted(name, 0)
  }
  return made
}
