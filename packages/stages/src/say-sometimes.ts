/** Milliseconds between two lines about one wait. */
const PAUSE = 30_000

/** Says a line now, and another every 30 seconds at most, however often it is called. */
export const saySometimes = (
  say: (line: string) => void,
  now: () => number = () => performance.now(),
): ((line: () => string) => void) => {
  let last = Number.NEGATIVE_INFINITY
  return (line) => {
    if (now() - last < PAUSE) return
    last = now()
    say(line())
  }
}
