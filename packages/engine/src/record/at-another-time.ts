import { withProperty } from './with-property.ts'

/** A day, an hour, a minute, a second and a millisecond: enough for whatever is read off a clock. */
const AHEAD = 90_061_001

/** How often the clock is read until it moves; it never does under fake timers. */
const MOST_READS = 1_000_000

/**
 * Runs `body` at another time, so that a function which reads the clock gives itself away: `Date` and `performance.now` are
 * `days` days ahead. All other clocks show at least another millisecond than before, unless fake timers stop them.
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
