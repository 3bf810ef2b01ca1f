/** Calls `act` once timers, aborts and other calls have run. */
export const onNextTurn = (act: () => void): void => {
  if (typeof setImmediate === 'function') setImmediate(act)
  else setTimeout(act)
}

/** Lets timers, aborts and other calls run. */
export const turn = (): Promise<void> => new Promise(onNextTurn)
