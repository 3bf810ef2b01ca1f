import type { Predictor, SetOptions, StreamOptions } from '@kic/predictor'
import type { Input } from '../input/read-input.ts'
import { EXIT, type Io } from '../io.ts'
import { type OutputFormat, type OutputOptions, openAnswerOutput } from './answer-output.ts'
import { describeTally, type Tally } from './tally.ts'
import { withReasons } from './with-reasons.ts'
import { writeAnswers } from './write-answers.ts'

/** What became of the rows. */
export interface Coded {
  readonly tally: Tally
  readonly exitCode: number
}

/** Options of coding, and the destination of the answers. */
export interface CodingOptions extends OutputOptions {
  /** Label of the progress line. */
  readonly what: string
  readonly format: OutputFormat
  /** Whether the rows come from files or standard input; otherwise they are a few arguments. */
  readonly many: boolean
  /** Only count unreadable rows. */
  readonly skipBadRows?: boolean | undefined
  readonly top?: number | undefined
  /** Add the reasons of each answer. */
  readonly explain?: boolean | undefined
  /** If set, the expected result at this threshold is printed. */
  readonly reviewBelow?: number | undefined
  /** Adds sets of codes. */
  readonly sets?: SetOptions | undefined
  /** Adds columns about strange texts. */
  readonly novelty?: boolean | undefined
}

/**
 * Codes rows with a model or an ensemble, writes their answers, and prints a summary on standard error.
 */
export const codeRows = async (
  predictor: Predictor,
  { rows, others }: Input,
  {
    what,
    format,
    many,
    skipBadRows: quiet = false,
    top,
    reviewBelow,
    explain = false,
    sets,
    novelty,
    ...options
  }: CodingOptions,
  io: Io,
): Promise<Coded> => {
  const output = await openAnswerOutput(
    format,
    options,
    { levels: predictor.info.levels, others, guarantees: { sets: sets !== undefined, novelty } },
    io,
  )
  const streaming: StreamOptions = { topK: top, reviewBelow, ...sets, signal: io.signal }
  const coded = predictor.stream(rows, streaming)
  const answers = explain ? withReasons(coded, predictor, io.signal) : coded
  const { tally, seconds } = await writeAnswers(answers, output, { what, quiet, many }, io)
  const expectation = reviewBelow === undefined ? undefined : predictor.expectation(reviewBelow)
  if (many || reviewBelow !== undefined) io.err(describeTally(tally, many ? seconds : 0, expectation))
  return { tally, exitCode: tally.rejects > 0 && !quiet ? EXIT.incomplete : EXIT.done }
}
