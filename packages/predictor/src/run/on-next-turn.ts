/** Calls `act` once timers, aborts and other calls have run. */
export const onNextTurn = (act: () => void): void => {
  if (typeof setImmediate === 'function') setImmediate(act)
  else if (typeof MessageChannel === 'function') post(act)
  else setTimeout(act)
}

/** Browsers delay nested timers by 4 ms, but not messages. */
const post = (act: () => void): void => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    // An open port would keep a program from ending.
    port1.close()
    act()
  }
  port2.postMessage(undefined)
}
