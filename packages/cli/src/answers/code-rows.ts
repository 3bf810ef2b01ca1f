import type { Predictor, StreamOptions } from '@kic/predictor'
import type { Input } from '../input/read-input.ts'
import { EXIT, type Io } from '../io.ts'
import { type OutputFormat, type OutputOptions, openAnswerOutput } from './answer-output.ts'
import { describeTally } from './tally.ts'
import { writeAnswers } from './write-answers.ts'

/** How rows are coded, and where their answers go. */
export interface CodingOptions extends OutputOptions {
  /** What is done, for the line of progress. */
  readonly what: string
  readonly format: OutputFormat
  /** Whether the rows are those of files or a stream, and not a few that were given. */
  readonly many: boolean
  /** Whether unreadable rows are only counted. */
  readonly skipBadRows?: boolean | undefined
  readonly top?: number | undefined
  /** What to expect at this threshold is told, where there is one. */
  readonly reviewBelow?: number | undefined
}

/**
 * Codes rows by a model or an ensemble, writes their answers, and tells what came of them on standard error.
 *
 * @returns the exit code
 */
export const codeRows = async (
  predictor: Predictor,
  { rows, others }: Input,
  { what, format, many, skipBadRows: quiet = false, top, reviewBelow, ...options }: CodingOptions,
  io: Io,
): Promise<number> => {
  const output = await openAnswerOutput(format, options, { levels: predictor.info.levels, others }, io)
  const streaming: StreamOptions = { topK: top, reviewBelow, signal: io.signal }
  const answers = predictor.stream(rows, streaming)
  const { tally, seconds } = await writeAnswers(answers, output, { what, quiet, many }, io)
  const expectation = reviewBelow === undefined ? undefined : predictor.expectation(reviewBelow)
  if (many || reviewBelow !== undefined) io.err(describeTally(tally, many ? seconds : 0, expectation))
  return tally.rejects > 0 && !quiet ? EXIT.incomplete : EXIT.done
}
