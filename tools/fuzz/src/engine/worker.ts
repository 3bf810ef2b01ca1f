import { check, Finding, isFor, startEngines, type Tested } from './check.ts'
import { generate } from './generate.ts'
import { printed } from './print.ts'
import { shrink } from './shrink.ts'

/** What a worker is to do: every `of`th program, from `first` on. */
export interface Task {
  readonly engine: Tested
  readonly seed: number
  readonly first: number
  readonly step: number
  readonly end: number
}

/** Messages of a worker. */
export type Message =
  | { readonly kind: 'started'; readonly index: number }
  | { readonly kind: 'done'; readonly counts: Readonly<Record<string, number>> }
  | { readonly kind: 'finding'; readonly index: number; readonly message: string; readonly program: string }

const say = (message: Message): void => {
  process.send?.(message)
}

const work = async ({ engine, seed, first, step, end }: Task): Promise<void> => {
  const engines = await startEngines(engine)
  const counts: Record<string, number> = {}
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  for (let index = first; index < end; index += step) {
    say({ kind: 'started', index })
    const { kind, program } = generate(seed, index)
    if (!isFor(engine, kind, program)) {
      count('left out')
      continue
    }
    count(kind)
    try {
      const { outcome, code } = await check(kind, program, engines)
      if (outcome === 'refused') count(`refused: ${code}`)
    } catch (error) {
      if (!(error instanceof Finding)) throw error
      const fails = (smaller: typeof program): Promise<boolean> =>
        check(kind, smaller, engines).then(
          () => false,
          (reason: unknown) => reason instanceof Finding,
        )
      const small = await shrink(program, fails)
      const reason = await check(kind, small, engines).then(
        () => error.message,
        (last: unknown) => (last instanceof Error ? last.message : error.message),
      )
      say({ kind: 'finding', index, message: reason, program: printed(kind, small) })
    }
  }
  engines.dispose()
  say({ kind: 'done', counts })
}

process.once('message', (task: Task) => {
  work(task).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
