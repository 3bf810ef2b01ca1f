import { inWindows } from '@kic/core'
import type { AnswerRow } from '@kic/predictor'
import { type Io, OutputClosed } from '../io.ts'
import { progressLine } from '../progress-line.ts'
import type { AnswerOutput } from './answer-output.ts'
import { addAnswers, emptyTally, type Tally } from './tally.ts'

/** Answers that are written at once. */
const WINDOW = 4096

/** So many unreadable rows are named on standard error; all are in the output. */
const NAMED = 20

/** What became of the rows, and how long it took. */
export interface Written {
  readonly tally: Tally
  readonly seconds: number
}

/**
 * Writes answers as they come, names rows that could not be read, and keeps what was done where the work breaks off.
 *
 * @param what is done, for the line of progress
 * @param quiet whether unreadable rows are only counted
 */
export const writeAnswers = async (
  answers: AsyncIterable<AnswerRow>,
  output: AnswerOutput,
  { what, quiet, many }: { readonly what: string; readonly quiet: boolean; readonly many: boolean },
  io: Io,
): Promise<Written> => {
  const progress = progressLine(io, what)
  const started = performance.now()
  let tally = emptyTally
  try {
    for await (const window of inWindows(answers, WINDOW)) {
      await output.write(window)
      if (!quiet) nameRejects(window, tally.rejects, progress.end, io)
      tally = addAnswers(tally, window)
      progress.update(tally.rows)
      io.signal.throwIfAborted()
    }
    await output.finish()
  } catch (error) {
    progress.end()
    await output.keep()
    if (output.partial !== undefined)
      io.err(`${tally.rows} rows were done; they are kept in ${output.partial}\n`)
    else if (many && !(error instanceof OutputClosed)) io.err(`${tally.rows} rows were done and written\n`)
    throw error
  }
  progress.end()
  return { tally, seconds: (performance.now() - started) / 1000 }
}

const nameRejects = (window: readonly AnswerRow[], before: number, endProgress: () => void, io: Io): void => {
  let named = before
  for (const answer of window) {
    if (!('reject' in answer) || answer.reject.reason === 'empty-text') continue
    named += 1
    if (named > NAMED + 1) return
    endProgress()
    io.err(
      named > NAMED
        ? 'further unreadable rows are named in the output alone\n'
        : `line ${answer.line}: ${answer.reject.reason}: ${answer.reject.message}\n`,
    )
  }
}
