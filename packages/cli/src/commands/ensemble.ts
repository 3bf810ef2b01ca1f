import { dirname, relative, resolve } from 'node:path'
import type { EnsembleInput } from '@kic/ensemble'
import { answersCsv } from '@kic/predictor'
import { type Command, Option } from 'commander'
import { createEnsemble } from '../ensemble/create-ensemble.ts'
import { openVoters } from '../ensemble/open-voters.ts'
import { EXIT, type Io, OutputClosed } from '../io.ts'
import { columnNames } from '../parse-arguments.ts'
import { jsonFormat } from '../predict/format-answers.ts'
import { openOutputFile } from '../predict/output-file.ts'
import { type InputRow, readInput } from '../predict/read-input.ts'
import { addAnswers, describeTally, emptyTally } from '../predict/tally.ts'
import { progressLine } from '../progress-line.ts'
import type { Finish } from '../run.ts'

interface CreateOptions {
  readonly output: string
  readonly scheme: 'path' | 'published'
  readonly json?: boolean
}

interface VoteOptions {
  readonly input: string
  readonly output?: string
  readonly format: 'auto' | 'lines'
  readonly columns?: Readonly<Record<string, string>>
  readonly json?: boolean
}

/** `kic ensemble`: several models that vote. */
export const addEnsemble = (program: Command, io: Io, finish: Finish): void => {
  const ensemble = program
    .command('ensemble')
    .description('Lets several models vote: what an ensemble is, and its answers.')
    .addHelpText(
      'after',
      '\nExamples:\n  kic ensemble create runs/a runs/b runs/division -o runs/ensemble.json\n' +
        '  kic ensemble vote runs/ensemble.json -i answers.txt -o coded.csv',
    )
  ensemble
    .command('create')
    .description('Writes an ensemble.json about models with ONNX files.')
    .argument('<models...>', 'their folders, below the folder of the ensemble’s file')
    .requiredOption('-o, --output <file>', 'where the ensemble goes')
    .addOption(
      new Option(
        '--scheme <name>',
        'path: the most probable path, so that levels never contradict each other; published: the vote of the competition’s second place',
      )
        .choices(['path', 'published'])
        .default('path'),
    )
    .option('--json', 'one JSON object instead of text')
    .addHelpText('after', '\nExamples:\n  kic ensemble create runs/a runs/b -o runs/ensemble.json')
    .action(async (models: string[], { output, scheme, json = false }: CreateOptions) => {
      const { saveEnsemble } = await import('@kic/ensemble/node')
      const folder = dirname(resolve(output))
      const members = models.map((model) => ({ path: model, name: relative(folder, resolve(model)) }))
      const created = await createEnsemble(members, scheme)
      await saveEnsemble(output, created)
      const words = created.members.map(describeMember).join('')
      await io.out(json ? `${JSON.stringify(created)}\n` : words)
    })
  ensemble
    .command('vote')
    .description('Codes the rows of a file by the vote of an ensemble’s models.')
    .argument('<ensemble>', 'an ensemble.json')
    .requiredOption(
      '-i, --input <file>',
      "a file of any format that kic predict reads; '-' is standard input",
    )
    .option('-o, --output <file>', 'where answers go, instead of standard output')
    .addOption(
      new Option('--format <name>', 'how the input is written').choices(['auto', 'lines']).default('auto'),
    )
    .option('--columns <names>', 'where a header has names of its own: text=사업내용,id=번호', columnNames)
    .option('--json', 'one JSON object a row instead of CSV')
    .addHelpText('after', '\nExamples:\n  kic ensemble vote runs/ensemble.json -i answers.txt -o coded.csv')
    .action(async (path: string, options: VoteOptions) => finish(await voteOnFile(path, options, io)))
}

const describeMember = ({ name, level, temperature }: EnsembleInput['members'][number]): string =>
  `${name}: ${level}, ${temperature === undefined ? 'not calibrated' : `temperature ${temperature.toFixed(3)}`}\n`

/** Rows that are voted on together. */
const WINDOW = 2048

const voteOnFile = async (path: string, options: VoteOptions, io: Io): Promise<number> => {
  const { input, output, format: inputFormat, columns, json } = options
  const voters = await openVoters(path)
  const format = json === true ? jsonFormat : answersCsv(voters.levels)
  const file = output === undefined ? undefined : await openOutputFile(output)
  const write = file === undefined ? io.out : file.write
  const progress = progressLine(io, 'ensemble')
  const started = performance.now()
  let tally = emptyTally
  const answer = async (window: readonly InputRow[]): Promise<void> => {
    const answers = await voters.vote(window, io.signal)
    await write(answers.map((one) => format.row(one)).join(''))
    tally = addAnswers(tally, answers)
    progress.update(tally.rows)
  }
  try {
    if (format.header !== '') await write(format.header)
    let window: InputRow[] = []
    const reading = { format: inputFormat, ...(columns === undefined ? {} : { columns }) }
    for await (const row of readInput(input, reading, io)) {
      window.push(row)
      if (window.length < WINDOW) continue
      await answer(window)
      window = []
    }
    if (window.length > 0) await answer(window)
    await file?.finish()
  } catch (error) {
    progress.end()
    await file?.keep()
    if (!(error instanceof OutputClosed))
      io.err(
        `${tally.rows} rows were done${file === undefined ? '' : `; they are kept in ${file.partial}`}\n`,
      )
    throw error
  } finally {
    await voters.close()
  }
  progress.end()
  io.err(describeTally(tally, (performance.now() - started) / 1000, undefined))
  return tally.rejects > 0 ? EXIT.incomplete : EXIT.done
}
