import { withProperty } from './with-property.ts'

/** A day, an hour, a minute, a second and a millisecond: changes every part of a clock. */
const AHEAD = 90_061_001

/** The number of clock reads to wait for it to move; under fake timers it never does. */
const MOST_READS = 1_000_000

/**
 * Runs `body` at another time, to expose functions that read the clock: `Date` and `performance.now` are `days` days
 * ahead. All other clocks have moved by at least a millisecond, unless fake timers stop them.
 */
export const atAnotherTime = <T>(days: number, body: () => T): T => {
  const { now } = Date
  for (let start = now(), reads = 0; now() === start && reads < MOST_READS; reads++);
  const ahead = days * AHEAD
  const later = new Proxy(Date, {
    construct: (date, given, target): object =>
      Reflect.construct(date, given.length === 0 ? [date.now() + ahead] : given, target),
    apply: (date): string => new date(date.now() + ahead).toString(),
    get: (date, key): unknown => (key === 'now' ? () => date.now() + ahead : Reflect.get(date, key)),
  })
  const { performance } = globalThis
  const since = performance.now.bind(performance)
  return withProperty(globalThis, 'Date', later, () =>
    withProperty(performance, 'now', () => since() + ahead, body),
  )
}
