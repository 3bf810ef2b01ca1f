import { type CoreErrorCode, KicError, percent, progressLine } from '@kic/core'
import { checkOutputFile, checkOutputFolder } from '@kic/core/node'
import type { BudgetName, Ensemble } from '@kic/ensemble'
import type { Precision } from '@kic/predictor'
import { type Command, Option } from 'commander'
import { type OutputOptions, outputFormat } from '../answers/answer-output.ts'
import { codeRows } from '../answers/code-rows.ts'
import { knownNotes } from '../default-classification.ts'
import { namedModels } from '../ensemble/named-models.ts'
import { errStream } from '../err-stream.ts'
import type { Finish } from '../finish.ts'
import { addBudget } from '../input/budget-option.ts'
import { precisionOption } from '../input/precision-option.ts'
import { openInput } from '../input/read-input.ts'
import { addReadingOptions, ONLY_COUNTED, READABLE, type ReadingOptions } from '../input/reading-options.ts'
import type { Io } from '../io.ts'
import { labelledInput } from '../labelled-input.ts'
import { modelFolder } from '../model-folder.ts'
import { addSetOptions, checkSetOptions, type SetCommandOptions, setsOf } from '../predict/set-options.ts'
import { allowSeenOption, checkSeen } from '../seen-rows.ts'
import { addRerank } from './rerank.ts'

interface CreateOptions extends ReadingOptions {
  readonly output: string
  readonly scheme: 'path' | 'published'
  readonly precision?: Precision
  readonly licence?: string
  readonly calibrate?: readonly string[]
  readonly allowSeen?: boolean
  readonly json?: boolean
}

interface VoteOptions extends ReadingOptions, OutputOptions, SetCommandOptions {
  readonly input: readonly string[]
  readonly format: 'auto' | 'lines'
  readonly keepColumns?: boolean
  readonly budget?: BudgetName
}

/** `kic ensemble`: several models as one. */
export const addEnsemble = (program: Command, io: Io, finish: Finish): void => {
  const ensemble = program
    .command('ensemble')
    .description('Combines several models: by voting, or by re-ranking.')
    .addHelpText(
      'after',
      '\nExamples:\n  kic ensemble create runs/a runs/b runs/division -o runs/ensemble\n' +
        '  kic predict -m runs/ensemble -i answers.txt -o coded.csv',
    )
  const create = ensemble
    .command('create')
    .description('Packs models into the folder of an ensemble, which every command accepts as a model.')
    .argument(
      '<models...>',
      'models: folders of networks with ONNX files (kic export) and of n-gram models, or installed packages with one',
    )
    .requiredOption('-o, --output <folder>', 'folder for the ensemble')
    .addOption(
      new Option(
        '--scheme <name>',
        'path: the most probable path, so levels never contradict each other; published: the vote of the competition’s second place',
      )
        .choices(['path', 'published'])
        .default('path'),
    )
    .addOption(precisionOption('weights of networks; default: the fastest of each'))
    .option(
      '--calibrate <files...>',
      'labelled rows that no model was trained on: calibrate the vote and measure the budgets fast and best',
    )
    .addOption(allowSeenOption())
    .option(
      '--licence <name>',
      'SPDX name for the model card; default: the models’ licence, if they share one',
    )
  addReadingOptions(create, 'text=Description,label=Category')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      '\nThe budget best runs all models. The budget fast runs the fastest subset whose accuracy on the rows of --calibrate is at\n' +
        'most one point lower.\n' +
        '\nExamples:\n  kic ensemble create runs/a runs/b -o runs/ensemble\n' +
        '  kic ensemble create runs/a runs/a/baseline -o runs/ensemble --calibrate validation.tsv',
    )
    .action(async (models: string[], options: CreateOptions) => {
      const created = await packModels(models, options, io)
      const { output } = options
      await io.out(
        options.json === true
          ? `${JSON.stringify(created)}\n`
          : `${inWords(created)}saved in ${output}; kic predict --model ${output} runs it\n`,
      )
    })
  addRerank(ensemble, io)
  const vote = ensemble
    .command('vote')
    .description('Codes the rows of files by the vote of an ensemble.')
    .argument('<ensemble>', 'folder of an ensemble, an ensemble.json, or an installed package with one')
    .requiredOption(
      '-i, --input <files...>',
      "files to code, in any format that kic predict reads; '-' reads standard input",
    )
    .option('-o, --output <file>', 'output file (.csv, .jsonl or .xlsx); default: standard output')
    .addOption(
      new Option(
        '--format <name>',
        'input format: auto detects it from the first line; lines reads one text per line',
      )
        .choices(['auto', 'lines'])
        .default('auto'),
    )
  addBudget(vote)
  addSetOptions(vote)
  addReadingOptions(vote, 'text=Description,id=Number', ONLY_COUNTED)
    .option('--keep-columns', 'copy the other columns of the input to the output')
    .addOption(new Option('--json', 'write one JSON object per row instead of CSV').conflicts('csv'))
    .option('--csv', 'write CSV, the default')
    .option('--bom', 'start CSV with a byte order mark, by which spreadsheet programs detect UTF-8')
    .addHelpText(
      'after',
      `${READABLE}\n` +
        '\nExamples:\n  kic ensemble vote runs/ensemble -i answers.txt -o coded.csv\n' +
        '  kic ensemble vote runs/ensemble -i answers.xlsx -o coded.xlsx --keep-columns\n' +
        '  kic ensemble vote runs/ensemble -i answers.txt -o coded.csv --coverage 0.95',
    )
    .action(async (path: string, options: VoteOptions) => finish(await voteOnFile(path, options, io)))
}

const packModels = async (
  models: readonly string[],
  { output, scheme, precision, licence, calibrate, allowSeen, ...reading }: CreateOptions,
  io: Io,
): Promise<Ensemble> => {
  if (output.endsWith('.json')) {
    throw new KicError<CoreErrorCode>(
      'core/output',
      `kic ensemble create: the output must be a folder, received ${output}. Leave .json out.`,
    )
  }
  await checkOutputFolder('kic ensemble create', output)
  const [{ createEnsemble }, { checkPackedFolder, filesIn, nodeRuntime, readModelFolder }] =
    await Promise.all([import('../ensemble/create-ensemble.ts'), import('@kic/predictor/node')])
  const named = await namedModels(models)
  const folders = named.map(({ folder }) => folder)
  await checkPackedFolder('kic ensemble create', output, 'ensemble', folders)
  const line = progressLine(errStream(io), 'measure')
  try {
    const members = await Promise.all(
      named.map(async (one) => ({
        ...one,
        model: await readModelFolder(filesIn(one.folder), { known: knownNotes }),
      })),
    )
    const [finest] = members
      .map(({ model: { notes, tree } }) => ({ classification: notes.classification, levels: tree.levels }))
      .toSorted((a, b) => b.levels.length - a.levels.length)
    const measures = calibrate !== undefined && finest !== undefined
    if (measures && members.some(({ model }) => model.kind !== 'ngram')) await nodeRuntime()
    const rows = measures
      ? await labelledInput('kic ensemble create', calibrate, reading, finest, io)
      : undefined
    if (rows !== undefined) await checkSeen('kic ensemble create', folders, rows.rows, { allowSeen }, io)
    return await createEnsemble(output, members, {
      scheme,
      precision,
      licence,
      rows,
      progress: (_, computed) => line.update(computed),
      warn: (sentence) => {
        line.end()
        io.err(`warning: ${sentence}\n`)
      },
      signal: io.signal,
    })
  } finally {
    line.end()
  }
}

const inWords = ({ members, budgets = {} }: Ensemble): string =>
  [
    ...members.map(
      ({ name, level, weight, temperature }) =>
        `${name}: ${level}, weight ${weight}, temperature ${temperature.toFixed(3)}\n`,
    ),
    ...Object.entries(budgets).map(([name, budget]) =>
      budget === undefined
        ? ''
        : `budget ${name}: ${budget.members.map((member) => member.name).join(', ')}; accuracy ${percent(budget.accuracy)}, ` +
          `${Math.round(budget.rowsPerSecond).toLocaleString('en-US')} rows/s\n`,
    ),
  ].join('')

const voteOnFile = async (path: string, options: VoteOptions, io: Io): Promise<number> => {
  const format = outputFormat(options, 'csv')
  checkSetOptions(options)
  if (options.output !== undefined) await checkOutputFile('kic ensemble vote', options.output, options.input)
  const input = await openInput(options.input, options, io)
  const { loadPredictor, threadRuntime } = await import('@kic/predictor/node')
  const predictor = await loadPredictor(await modelFolder(path), {
    known: knownNotes,
    runtime: threadRuntime(),
    budget: options.budget,
  })
  for (const warning of predictor.info.warnings) io.err(`warning: ${warning}\n`)
  try {
    const sets = setsOf(predictor.info, options)
    const coding = { ...options, what: 'ensemble', format, many: true, sets, novelty: sets !== undefined }
    return (await codeRows(predictor, input, coding, io)).exitCode
  } finally {
    await predictor.dispose()
  }
}
