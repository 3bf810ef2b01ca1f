import { useEffect, useRef, useState } from 'preact/hooks'
import { messageOf } from './message-of.ts'

/** The answer to a text, or the reason why there is none; neither while the first one is computed. */
export interface AnswerState<T> {
  readonly answer?: T | undefined
  readonly problem?: string | undefined
}

/**
 * Asks about a text whenever it changes. The last answer stays until the next one is there.
 *
 * @param text nothing is asked about `undefined`
 * @param pause milliseconds that a text must stay before it is asked about
 */
export const useAnswer = <T>(
  text: string | undefined,
  ask: (text: string) => Promise<T>,
  pause = 0,
): AnswerState<T> => {
  const [state, setState] = useState<AnswerState<T>>({})
  const latest = useRef(0)
  useEffect(() => {
    const request = ++latest.current
    if (text === undefined) {
      setState({})
      return
    }
    const timer = setTimeout(() => {
      ask(text).then(
        // A slower answer to an earlier text must not replace a later one.
        (answer) => latest.current === request && setState({ answer }),
        (error: unknown) => latest.current === request && setState({ problem: messageOf(error) }),
      )
    }, pause)
    return () => {
      latest.current++
      clearTimeout(timer)
    }
  }, [text, ask, pause])
  return state
}
