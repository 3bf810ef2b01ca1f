import { isKicError } from '@kic/core'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { addEnsemble } from './commands/ensemble.ts'
import { addEvaluate } from './commands/evaluate.ts'
import { addExport } from './commands/export.ts'
import { addInspect } from './commands/inspect.ts'
import { addKsic } from './commands/ksic.ts'
import { addPredict } from './commands/predict.ts'
import { addTapt } from './commands/tapt.ts'
import { addTrain } from './commands/train.ts'
import type { Finish } from './finish.ts'
import { EXIT, type Io, OutputClosed } from './io.ts'

/**
 * Runs the `kic` command.
 *
 * @param args what stands behind `kic` on the command line
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 3 done but some rows could not be read, 130 interrupted
 */
export const run = async (args: readonly string[], io: Io): Promise<number> => {
  let exitCode: number = EXIT.done
  const finish: Finish = (code) => {
    exitCode = code
  }
  const said: Promise<void>[] = []
  const program = new Command('kic')
    .description('Codes Korean descriptions of businesses by the Korean Standard Industrial Classification.')
    .version(manifest.version, '-V, --version', 'the version of this command')
    .exitOverride()
    .showHelpAfterError('(kic --help, or kic <command> --help, explains)')
    .configureOutput({
      writeOut: (text) => said.push(io.out(text)),
      writeErr: (text) => io.err(text),
    })
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  kic predict "카센터에서 자동차부분정비 타이어오일교환"\n' +
        '  kic predict -i answers.xlsx -o coded.xlsx --review-below 0.6\n' +
        '  kic train answers.csv -o runs/first\n' +
        '  kic ksic 수리\n' +
        '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some rows could not be read, 130 interrupted.',
    )
  for (const add of [addPredict, addEvaluate, addInspect, addKsic, addTrain, addTapt, addExport, addEnsemble])
    add(program, io, finish)
  try {
    await program.parseAsync(args, { from: 'user' })
    await Promise.all(said)
    return exitCode
  } catch (error) {
    await Promise.allSettled(said)
    return explain(error, io)
  }
}

/** An error as an exit code, and in words on standard error. */
const explain = (error: unknown, io: Io): number => {
  if (error instanceof OutputClosed) return EXIT.done
  if (io.signal.aborted && error === io.signal.reason) return EXIT.interrupted
  // Commander says what is wrong with single options; what commands find wrong with several is said here.
  if (error instanceof InvalidArgumentError) {
    io.err(`error: ${error.message}\n`)
    return EXIT.usage
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
  const debug = process.env.KIC_DEBUG !== undefined && error instanceof Error ? `${error.stack}\n` : ''
  if (isKicError(error))
    io.err(`error: ${oneLine(error.message)}${HINTS[error.code] ?? ''} (${error.code})\n${debug}`)
  else {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    io.err(`unexpected error: ${oneLine(message)} (with KIC_DEBUG=1 its origin is shown)\n${debug}`)
  }
  return EXIT.failed
}

/** What the messages of libraries mean for the command line. */
const HINTS: Readonly<Record<string, string>> = {
  'data/unknown-format':
    ' (here: --columns text=…,id=…; where each line is a text, --format lines of predict, --lines of tapt)',
  'data/unknown-column': ' (here: --columns)',
}

/** Messages of other libraries may have many lines. */
const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, ' ')
