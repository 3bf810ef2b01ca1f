/** Calls `act` once timers, aborts and other calls have run. */
export const onNextTurn = (act: () => void): void => {
  if (typeof setImmediate === 'function') setImmediate(act)
  else if (typeof MessageChannel === 'function') post(act)
  else setTimeout(act)
}

const acts: (() => void)[] = []
let channel: MessageChannel | undefined

/** Browsers delay nested timers by 4 ms, but not messages. */
const post = (act: () => void): void => {
  if (channel === undefined) {
    channel = new MessageChannel()
    channel.port1.onmessage = () => acts.shift()?.()
  }
  acts.push(act)
  channel.port2.postMessage(undefined)
}
