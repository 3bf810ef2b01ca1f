import { KicError } from '@kic/core'
import type { Command } from 'commander'
import { errStream } from '../err-stream.ts'
import type { Io } from '../io.ts'
import { columnNames } from '../parse-arguments.ts'
import { readInput } from '../predict/read-input.ts'
import { preparationOf, preparedRows } from '../train/prepared-rows.ts'
import { startingPoint } from '../train/starting-point.ts'
import { addTrainingOptions, type TrainingOptions } from '../train/training-options.ts'

interface Options extends TrainingOptions {
  readonly lines?: boolean
  readonly json?: boolean
}

/** `kic tapt`: pretrains an encoder on the task's own texts. */
export const addTapt = (program: Command, io: Io): void => {
  const command = program
    .command('tapt')
    .description(
      'Pretrains an encoder on the task’s own texts by guessing hidden tokens; labels are not needed.',
    )
    .argument('<file>', 'texts, of any format that kic predict reads')
  addTrainingOptions(command, { epochs: 10, learningRate: 1e-3 })
    .option('--lines', 'the file has one text a line')
    .option('--columns <names>', 'where a header has names of its own: text=사업내용', columnNames)
    .option('--json', 'one JSON object instead of text')
    .addHelpText(
      'after',
      '\nAn encoder that others pretrained wants a smaller rate than the default: --learning-rate 1e-5.\n' +
        '\nExamples:\n  kic tapt answers.txt -o runs/pretrained\n  kic train answers.txt -o runs/first --from runs/pretrained',
    )
    .action(async (file: string, options: Options) => {
      const result = await pretrain(file, options, io)
      await io.out(
        options.json === true
          ? `${JSON.stringify(result)}\n`
          : `perplexity on held-out texts ${result.perplexity.toFixed(1)}, saved in ${result.folder}; ` +
              `kic train --from ${result.folder} begins with it\n`,
      )
    })
}

interface Result {
  readonly folder: string
  readonly texts: number
  readonly perplexity: number
}

/** Every so many texts one is held out. */
const HELD_OUT = 20

const pretrain = async (file: string, options: Options, io: Io): Promise<Result> => {
  const [
    { savePreparation },
    { selectEngine },
    { savePretrained },
    { fromScratchTapt, tapt },
    { saveTokenizer },
    { progress },
  ] = await Promise.all([
    import('@kic/data/node'),
    import('@kic/engine'),
    import('@kic/roberta/node'),
    import('@kic/tapt'),
    import('@kic/tokenizer/node'),
    import('@kic/trainer/node'),
  ])
  const rows: { readonly text: string }[] = []
  const format = options.lines === true ? 'lines' : 'auto'
  const { columns } = options
  for await (const row of readInput(file, { format, ...(columns === undefined ? {} : { columns }) }, io)) {
    if ('text' in row) rows.push(row)
  }
  const preparation = await preparationOf(options.from, io)
  const distinct = [...new Set(preparedRows(rows, preparation, io).map(({ text }) => text))]
  const heldOut = distinct.filter((_, i) => i % HELD_OUT === HELD_OUT - 1)
  const training = distinct.filter((_, i) => i % HELD_OUT !== HELD_OUT - 1)
  if (heldOut.length === 0) {
    throw new KicError(
      'cli/few-rows',
      `kic tapt: ${distinct.length} different texts are too few; give ${HELD_OUT} at least`,
    )
  }
  const { tokenizer, config, encoder } = await startingPoint(
    options.from,
    training,
    ['LABEL_0', 'LABEL_1'],
    options,
  )
  const engine = await selectEngine(options.engine)
  io.err(`${training.length} different texts, ${heldOut.length} held out; engine: ${engine.description}\n`)
  try {
    const { epochs, batchSize, learningRate, seed, output } = options
    const result = await tapt({
      engine,
      config,
      tokenizer,
      texts: training,
      heldOut,
      preparation,
      ...(encoder === undefined ? {} : { checkpoint: encoder }),
      preset: { ...fromScratchTapt, epochs, batchSize, learningRate },
      unmaskable: 'leave-out',
      callbacks: [progress({ label: 'tapt', stream: errStream(io) })],
      signal: io.signal,
      seed,
    })
    io.signal.throwIfAborted()
    await savePretrained(
      output,
      { config, params: result.params },
      {
        files: async (at) => {
          await saveTokenizer(at, tokenizer)
          await savePreparation(at, preparation)
        },
      },
    )
    return {
      folder: output,
      texts: training.length,
      perplexity: result.evaluations.at(-1)?.perplexity ?? Number.NaN,
    }
  } finally {
    engine.dispose()
  }
}
