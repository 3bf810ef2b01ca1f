import { isKicError } from '@kic/core'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { addCalibrate } from './commands/calibrate.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEnsemble } from './commands/ensemble.ts'
import { addEvaluate } from './commands/evaluate.ts'
import { addExport } from './commands/export.ts'
import { addInspect } from './commands/inspect.ts'
import { addLookUp } from './commands/look-up.ts'
import { addPredict } from './commands/predict.ts'
import { addSearch } from './commands/search.ts'
import { addServe } from './commands/serve.ts'
import { addTapt } from './commands/tapt.ts'
import { addTrain } from './commands/train.ts'
import { bundledModel, lookUpCommand } from './default-classification.ts'
import type { Finish } from './finish.ts'
import { EXIT, type Io, OutputClosed } from './io.ts'

/**
 * Runs the `kic` command.
 *
 * @param args the command line after `kic`
 * @returns the exit code: 0 success, 1 failure, 2 wrong usage, 3 success but some rows were unreadable, 130 interrupted
 */
export const run = async (args: readonly string[], io: Io): Promise<number> => {
  let exitCode: number = EXIT.done
  const finish: Finish = (code) => {
    exitCode = code
  }
  const said: Promise<void>[] = []
  const program = new Command('kic')
    .description(
      `Trains, evaluates and runs text classifiers. The bundled model codes ${bundledModel.codes}.`,
    )
    .version(manifest.version, '-V, --version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(see kic --help or kic <command> --help)')
    .configureOutput({
      writeOut: (text) => said.push(io.out(text)),
      writeErr: (text) => io.err(text),
    })
    .addHelpText(
      'after',
      '\nExamples:\n' +
        `  kic predict "${bundledModel.example}"\n` +
        '  kic predict -i answers.xlsx -o coded.xlsx --review-below 0.6\n' +
        '  kic train answers.csv -o runs/first\n' +
        `  kic ${lookUpCommand.name} ${lookUpCommand.examples[0]}\n` +
        '\nExit codes: 0 success, 1 failure, 2 wrong usage, 3 success but some rows were unreadable, 130 interrupted.',
    )
  for (const add of [
    addPredict,
    addEvaluate,
    addCalibrate,
    addInspect,
    addLookUp,
    addTrain,
    addSearch,
    addTapt,
    addExport,
    addEnsemble,
    addServe,
    addDoctor,
  ])
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

/** Reports an error on standard error and returns its exit code. */
const explain = (error: unknown, io: Io): number => {
  if (error instanceof OutputClosed) return EXIT.done
  if (io.signal.aborted && error === io.signal.reason) return EXIT.interrupted
  // Commander reports errors of single options; errors of combined options are reported here.
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
    io.err(`unexpected error: ${oneLine(message)} (set KIC_DEBUG=1 to see its origin)\n${debug}`)
  }
  return EXIT.failed
}

/** Command-line hints for errors of libraries. */
const HINTS: Readonly<Record<string, string>> = {
  'data/unknown-format':
    ' On the command line, use --columns text=…,label=…, or --format lines (kic tapt: --lines) if each line is a text.',
  'data/unknown-column': ' On the command line, use --columns.',
}

/** Messages of other libraries may have several lines. */
const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, ' ')
