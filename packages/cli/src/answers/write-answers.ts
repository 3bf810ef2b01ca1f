import { rm } from 'node:fs/promises'
import { inWindows, progressLine } from '@kic/core'
import type { AnswerRow } from '@kic/predictor'
import { errStream } from '../err-stream.ts'
import { type Io, OutputClosed } from '../io.ts'
import type { AnswerOutput } from './answer-output.ts'
import { addAnswers, emptyTally, type Tally } from './tally.ts'

/** Answers written at once. */
const WINDOW = 4096

/** Unreadable rows listed on standard error; all are in the output. */
const NAMED = 20

/** The outcome of the rows, and the time taken. */
export interface Written {
  readonly tally: Tally
  readonly seconds: number
}

/**
 * Writes answers as they arrive, lists unreadable rows, and keeps the finished rows if the work stops early.
 *
 * @param what the name of the work, for the progress line
 * @param quiet whether unreadable rows are only counted
 */
export const writeAnswers = async (
  answers: AsyncIterable<AnswerRow>,
  output: AnswerOutput,
  { what, quiet, many }: { readonly what: string; readonly quiet: boolean; readonly many: boolean },
  io: Io,
): Promise<Written> => {
  const progress = progressLine(errStream(io), what)
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
    if (output.partial !== undefined && tally.rows === 0) await rm(output.partial, { force: true })
    else if (output.partial !== undefined)
      io.err(`${tally.rows} rows are finished and kept in ${output.partial}\n`)
    else if (many && !(error instanceof OutputClosed)) io.err(`${tally.rows} rows are finished and written\n`)
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
        ? 'further unreadable rows are listed only in the output\n'
        : `line ${answer.line}: ${answer.reject.reason}: ${answer.reject.message}\n`,
    )
  }
}
