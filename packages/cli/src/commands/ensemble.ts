import { dirname, relative, resolve } from 'node:path'
import { checkOutputFile } from '@kic/core/node'
import type { EnsembleInput } from '@kic/ensemble'
import { type Command, Option } from 'commander'
import { type OutputOptions, outputFormat } from '../answers/answer-output.ts'
import { codeRows } from '../answers/code-rows.ts'
import { knownNotes } from '../default-classification.ts'
import { createEnsemble } from '../ensemble/create-ensemble.ts'
import type { Finish } from '../finish.ts'
import { openInput } from '../input/read-input.ts'
import { addReadingOptions, ONLY_COUNTED, READABLE, type ReadingOptions } from '../input/reading-options.ts'
import type { Io } from '../io.ts'

interface CreateOptions {
  readonly output: string
  readonly scheme: 'path' | 'published'
  readonly json?: boolean
}

interface VoteOptions extends ReadingOptions, OutputOptions {
  readonly input: readonly string[]
  readonly format: 'auto' | 'lines'
  readonly keepColumns?: boolean
}

/** `kic ensemble`: votes of several models. */
export const addEnsemble = (program: Command, io: Io, finish: Finish): void => {
  const ensemble = program
    .command('ensemble')
    .description('Combines several models by voting.')
    .addHelpText(
      'after',
      '\nExamples:\n  kic ensemble create runs/a runs/b runs/division -o runs/ensemble.json\n' +
        '  kic ensemble vote runs/ensemble.json -i answers.txt -o coded.csv',
    )
  ensemble
    .command('create')
    .description('Writes the ensemble.json of several models.')
    .argument('<models...>', 'model folders, below the folder of the ensemble.json')
    .requiredOption('-o, --output <file>', 'the ensemble.json to write')
    .addOption(
      new Option(
        '--scheme <name>',
        'path: the most probable path, so levels never contradict each other; published: the vote of the competition’s second place',
      )
        .choices(['path', 'published'])
        .default('path'),
    )
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', '\nExamples:\n  kic ensemble create runs/a runs/b -o runs/ensemble.json')
    .action(async (models: string[], { output, scheme, json = false }: CreateOptions) => {
      await checkOutputFile('kic ensemble create', output)
      const { saveEnsemble } = await import('@kic/ensemble/node')
      const folder = dirname(resolve(output))
      const members = models.map((model) => ({ path: model, name: relative(folder, resolve(model)) }))
      const created = await createEnsemble(members, scheme)
      await saveEnsemble(output, created)
      const words = `${created.members.map(describeMember).join('')}saved in ${output}; kic predict --model ${output} runs it\n`
      await io.out(json ? `${JSON.stringify(created)}\n` : words)
    })
  const vote = ensemble
    .command('vote')
    .description('Codes the rows of files by the vote of an ensemble.')
    .argument('<ensemble>', 'an ensemble.json')
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
  addReadingOptions(vote, 'text=Description,id=Number', ONLY_COUNTED)
    .option('--keep-columns', 'copy the other columns of the input to the output')
    .addOption(new Option('--json', 'write one JSON object per row instead of CSV').conflicts('csv'))
    .option('--csv', 'write CSV, the default')
    .option('--bom', 'start CSV with a byte order mark, by which spreadsheet programs detect UTF-8')
    .addHelpText(
      'after',
      `${READABLE}\n` +
        '\nExamples:\n  kic ensemble vote runs/ensemble.json -i answers.txt -o coded.csv\n' +
        '  kic ensemble vote runs/ensemble.json -i answers.xlsx -o coded.xlsx --keep-columns',
    )
    .action(async (path: string, options: VoteOptions) => finish(await voteOnFile(path, options, io)))
}

const describeMember = ({ name, level, temperature }: EnsembleInput['members'][number]): string =>
  `${name}: ${level}, ${temperature === undefined ? 'not calibrated' : `temperature ${temperature.toFixed(3)}`}\n`

const voteOnFile = async (path: string, options: VoteOptions, io: Io): Promise<number> => {
  const format = outputFormat(options, 'csv')
  if (options.output !== undefined) await checkOutputFile('kic ensemble vote', options.output, options.input)
  const input = await openInput(options.input, options, io)
  const { loadPredictor, threadRuntime } = await import('@kic/predictor/node')
  const predictor = await loadPredictor(path, { known: knownNotes, runtime: threadRuntime() })
  for (const warning of predictor.info.warnings) io.err(`warning: ${warning}\n`)
  try {
    return await codeRows(predictor, input, { ...options, what: 'ensemble', format, many: true }, io)
  } finally {
    await predictor.dispose()
  }
}
